package io.claviger.broker.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** The options of each command that calls the association API. */
final class ApiOptions {

  private static final int FAILED = 1;

  @Option(
      names = "--endpoint-url",
      defaultValue = "${env:AWS_ENDPOINT_URL_EKS}",
      paramLabel = "URL",
      description = "The URL of the brokers' EKS API; default: $AWS_ENDPOINT_URL_EKS.")
  private @Nullable String endpoint;

  @Option(
      names = {"--cluster", "--cluster-name"},
      defaultValue = "${env:CLAVIGER_CLUSTER}",
      paramLabel = "NAME",
      description = "The registered name of the cluster; default: $CLAVIGER_CLUSTER.")
  private @Nullable String cluster;

  @Option(
      names = "--region",
      defaultValue = "${env:AWS_REGION:-${env:AWS_DEFAULT_REGION}}",
      paramLabel = "REGION",
      description = "The Region to sign requests for; default: $AWS_REGION.")
  private @Nullable String region;

  @Option(
      names = "--ca-bundle",
      defaultValue = "${env:AWS_CA_BUNDLE}",
      paramLabel = "FILE",
      description = "PEM certificates to trust instead of the JDK's; default: $AWS_CA_BUNDLE.")
  private @Nullable String caBundle;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /** Work of a command that calls EKS's operations. Returns the command's exit code. */
  @FunctionalInterface
  interface Work {
    int with(AssociationsApi api);
  }

  /** Work of a command that also calls the API's extensions. Returns the command's exit code. */
  @FunctionalInterface
  interface ExtensionWork {
    int with(ExtensionsApi revocations, AssociationsApi associations);
  }

  /**
   * Connects to the API and runs the work. If a call fails, prints the error on standard error.
   *
   * @return the exit code of the work, or 1 when a call failed
   * @throws ParameterException when an option is missing or cannot be used
   */
  int run(Work work) {
    return calling(
        access -> {
          try (AssociationsApi api = access.connect()) {
            return work.with(api);
          }
        });
  }

  /** As {@link #run(Work)}. */
  int run(ExtensionWork work) {
    return calling(
        access -> {
          try (ExtensionsApi revocations = access.connectToExtensions();
              AssociationsApi associations = access.connect()) {
            return work.with(revocations, associations);
          }
        });
  }

  private int calling(ToIntFunction<ApiAccess> work) {
    try {
      return work.applyAsInt(access());
    } catch (SdkException e) {
      command.commandLine().getErr().println("claviger: " + CallErrors.text(e));
      return FAILED;
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the endpoint and the credentials that the options name.
   *
   * @throws ParameterException when an option is missing or cannot be used
   */
  ApiAccess access() {
    return access(DefaultCredentialsProvider.builder().build());
  }

  /** As {@link #access()}, with credentials of another source. */
  ApiAccess access(AwsCredentialsProvider credentials) {
    return new ApiAccess(
        endpoint(),
        given("--cluster", cluster),
        given("--region", region),
        Optional.ofNullable(caBundle).filter(file -> !file.isBlank()).map(Path::of),
        credentials);
  }

  /** The name of the cluster, if the options give one. */
  Optional<String> cluster() {
    return Optional.ofNullable(cluster).filter(name -> !name.isBlank());
  }

  /** There is no default: the SDK's default endpoint is AWS's own EKS. */
  private URI endpoint() {
    if (endpoint == null || endpoint.isBlank()) {
      throw usage(
          "--endpoint-url is missing: without it, the command would call AWS's own EKS."
              + " Give the URL of a broker, or set AWS_ENDPOINT_URL_EKS");
    }
    try {
      return new URI(endpoint);
    } catch (URISyntaxException e) {
      throw usage("--endpoint-url is not a URL: " + endpoint);
    }
  }

  private String given(String option, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw usage(option + " is missing");
    }
    return value;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
