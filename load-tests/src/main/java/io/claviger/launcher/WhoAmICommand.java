package io.claviger.launcher;

import io.claviger.localmesh.MeshException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * {@code claviger whoami}: calls GetCallerIdentity with the AWS SDK for Java, as any program uses
 * it. Credentials, Region and endpoint come from the SDK's default chains; in a pod they come from
 * what the webhook has injected.
 */
@Command(
    name = "whoami",
    description =
        "Calls STS GetCallerIdentity with the credentials that the AWS SDK for Java finds here.",
    mixinStandardHelpOptions = true)
final class WhoAmICommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (StsClient sts =
        StsClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
      spec.commandLine().getOut().print(json(sts.getCallerIdentity()));
      spec.commandLine().getOut().flush();
      return 0;
    } catch (SdkException e) {
      throw new MeshException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The format of the AWS CLI. */
  private static String json(GetCallerIdentityResponse caller) {
    return """
    {
        "UserId": "%s",
        "Account": "%s",
        "Arn": "%s"
    }
    """
        .formatted(caller.userId(), caller.account(), caller.arn());
  }
}
