package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code associations create}. */
@Command(
    name = "create",
    description = "Gives the pods of a service account a role.",
    mixinStandardHelpOptions = true)
final class CreateCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(names = "--namespace", required = true, paramLabel = "NAME")
  private String namespace = "";

  @Option(names = "--service-account", required = true, paramLabel = "NAME")
  private String serviceAccount = "";

  @Option(names = "--role-arn", required = true, paramLabel = "ARN")
  private String roleArn = "";

  @Option(
      names = "--target-role-arn",
      paramLabel = "ARN",
      description = "A second role, assumed with the first one's credentials.")
  private @Nullable String targetRoleArn;

  @Option(
      names = "--disable-session-tags",
      negatable = true,
      description = "Whether sessions carry no tags.")
  private boolean disableSessionTags;

  @Option(
      names = "--policy",
      paramLabel = "JSON",
      converter = TextOrFile.class,
      description = "A session policy, or file://PATH; needs --disable-session-tags.")
  private @Nullable String policy;

  @Option(
      names = "--tags",
      split = ",",
      paramLabel = "KEY=VALUE",
      description = "Tags of the association, separated by commas.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Override
  public Integer call() {
    AssociationSpec wanted = wanted();
    return api.run(
        client -> {
          output.printChanged(command.commandLine().getOut(), client.create(wanted), "created");
          return 0;
        });
  }

  private AssociationSpec wanted() {
    try {
      return new AssociationSpec(
          namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags, policy, tags);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }
}
