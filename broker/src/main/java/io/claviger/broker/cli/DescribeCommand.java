package io.claviger.broker.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code associations describe}. */
@Command(name = "describe", description = "Shows one association.", mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private AssociationArgument which = new AssociationArgument();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() {
    which.check();
    return api.run(
        client -> {
          output.printOne(command.commandLine().getOut(), client.describe(which.id(client)));
          return 0;
        });
  }
}
