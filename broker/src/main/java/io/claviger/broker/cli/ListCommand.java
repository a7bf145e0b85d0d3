package io.claviger.broker.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code associations list}. */
@Command(
    name = "list",
    description = "Shows the associations that the key may see.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only of this namespace.")
  private @Nullable String namespace;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Only of this service account.")
  private @Nullable String serviceAccount;

  @Override
  public Integer call() {
    return api.run(
        client -> {
          output.printAll(
              command.commandLine().getOut(), client.describeAll(namespace, serviceAccount));
          return 0;
        });
  }
}
