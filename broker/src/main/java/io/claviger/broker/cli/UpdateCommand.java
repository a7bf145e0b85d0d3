package io.claviger.broker.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code associations update}. */
@Command(
    name = "update",
    description = "Changes one association; what is not named stays as it is.",
    mixinStandardHelpOptions = true)
final class UpdateCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private AssociationArgument which = new AssociationArgument();
  @Mixin private OutputOption output = new OutputOption();

  @Option(names = "--role-arn", paramLabel = "ARN")
  private @Nullable String roleArn;

  @Option(
      names = "--target-role-arn",
      paramLabel = "ARN",
      description = "A second role, assumed with the first one's credentials; '' for none.")
  private @Nullable String targetRoleArn;

  @Option(
      names = "--disable-session-tags",
      negatable = true,
      arity = "0",
      fallbackValue = "true",
      description = "Whether sessions carry no tags.")
  private @Nullable Boolean disableSessionTags;

  @Option(
      names = "--policy",
      paramLabel = "JSON",
      converter = TextOrFile.class,
      description = "A session policy, or file://PATH; '' for none. Needs sessions without tags.")
  private @Nullable String policy;

  @Override
  public Integer call() {
    which.check();
    if (roleArn == null && targetRoleArn == null && disableSessionTags == null && policy == null) {
      throw new ParameterException(command.commandLine(), "nothing to change is named");
    }
    return api.run(
        client -> {
          output.printChanged(
              command.commandLine().getOut(),
              client.update(which.id(client), roleArn, targetRoleArn, disableSessionTags, policy),
              "configured");
          return 0;
        });
  }
}
