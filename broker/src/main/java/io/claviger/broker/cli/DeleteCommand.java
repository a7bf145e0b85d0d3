package io.claviger.broker.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code associations delete}. */
@Command(
    name = "delete",
    description = "Takes the role from the pods of a service account.",
    mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private AssociationArgument which = new AssociationArgument();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() {
    which.check();
    return api.run(
        client -> {
          output.printChanged(
              command.commandLine().getOut(), client.delete(which.id(client)), "deleted");
          return 0;
        });
  }
}
