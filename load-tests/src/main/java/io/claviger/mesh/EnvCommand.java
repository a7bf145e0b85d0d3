package io.claviger.mesh;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code claviger env}: shell lines that make a shell a pod of the running mesh, or its operator.
 */
@Command(
    name = "env",
    description = "Prints shell lines for a running mesh: eval \"$(./claviger env)\"",
    mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Option(names = "--admin", description = "Make this shell an operator instead of a pod.")
  private boolean admin;

  @Override
  public Integer call() {
    MeshState state = directory.running();
    List<String> lines = admin ? ShellLines.operator(state) : ShellLines.pod(state);
    lines.forEach(spec.commandLine().getOut()::println);
    return 0;
  }
}
