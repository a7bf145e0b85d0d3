package io.claviger.broker.cli;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;

/** The options of a command that reads AWS's own EKS, not the brokers' API. */
final class EksOptions {

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "The EKS cluster whose associations are imported.")
  private @Nullable String cluster;

  @Option(
      names = "--region",
      defaultValue = "${env:AWS_REGION:-${env:AWS_DEFAULT_REGION}}",
      paramLabel = "REGION",
      description = "The EKS cluster's Region; default: $AWS_REGION.")
  private @Nullable String region;

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description =
          "Replaces AWS's endpoint. $AWS_ENDPOINT_URL_EKS is ignored: it names the brokers.")
  private @Nullable URI endpoint;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  String cluster() {
    return given("--cluster", cluster);
  }

  /** Returns EKS's endpoint and the credentials of the SDK's default chain. */
  ApiAccess access() {
    String in = given("--region", region);
    URI at =
        endpoint != null
            ? endpoint
            : URI.create("https://" + EksClient.serviceMetadata().endpointFor(Region.of(in)));
    return new ApiAccess(
        at, cluster(), in, Optional.empty(), DefaultCredentialsProvider.builder().build());
  }

  private String given(String option, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new ParameterException(command.commandLine(), option + " is missing");
    }
    return value;
  }
}
