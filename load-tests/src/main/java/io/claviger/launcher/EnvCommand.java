package io.claviger.launcher;

import io.claviger.localmesh.MeshState;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code claviger env}: prints lines that give a shell the environment of a pod of the running
 * mesh, of the mesh's operator, or of an operator of brokers on Kubernetes.
 */
@Command(
    name = "env",
    description = "Prints shell lines for a running mesh: eval \"$(./claviger env)\"",
    mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Option(names = "--admin", description = "Make this shell an operator's instead of a pod's.")
  private boolean admin;

  @ArgGroup(exclusive = false)
  private @Nullable KubeOptions kube;

  @Override
  public Integer call() {
    lines().forEach(spec.commandLine().getOut()::println);
    return 0;
  }

  private List<String> lines() {
    if (kube != null) {
      return kube.lines(directory.get().root().resolve("kube"));
    }
    MeshState state = directory.running();
    return admin ? ShellLines.operator(state) : ShellLines.pod(state);
  }
}
