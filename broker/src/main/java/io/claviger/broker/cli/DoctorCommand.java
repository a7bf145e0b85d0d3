package io.claviger.broker.cli;

import io.claviger.broker.cli.doctor.AssociationSource;
import io.claviger.broker.cli.doctor.Doctor;
import io.claviger.broker.cli.doctor.Finding;
import io.claviger.broker.cli.doctor.Finding.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code doctor}: why a pod has no credentials, and what to do. */
@Command(
    name = "doctor",
    description = "Looks at everything between a pod and its credentials.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "In a pod, or in a shell with a pod's environment: as its SDKs see it. With --workload: what",
      "brokers say of a service account. Exit code 1 when a check failed."
    })
public final class DoctorCommand extends CliCommand {

  private final Map<String, String> environment;

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(
      names = "--workload",
      paramLabel = "NAMESPACE/SERVICEACCOUNT",
      description = "Not as a pod: ask the API about this service account.")
  private @Nullable String workload;

  @Option(
      names = "--audience",
      defaultValue = "pods.eks.amazonaws.com",
      paramLabel = "AUDIENCE",
      description = "What tokens are made for. Default: ${DEFAULT-VALUE}.")
  private String audience = "";

  @Option(
      names = "--broker-management",
      paramLabel = "URL",
      description = "A broker's management address, to ask whether it is ready.")
  private @Nullable URI management;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile with an access key of the API, to ask it as a pod too.")
  private @Nullable String profile;

  @Option(names = "--sts", description = "Also ask STS whose the credentials are.")
  private boolean sts;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.text;

  /** The formats. */
  enum Format {
    text,
    json
  }

  /** For this process's environment. */
  public DoctorCommand() {
    this(System.getenv());
  }

  /** For an environment. */
  public DoctorCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Map<String, String> seen = new HashMap<>(environment);
    api.cluster().ifPresent(cluster -> seen.put("CLAVIGER_CLUSTER", cluster));
    Doctor doctor =
        Doctor.here(
            seen,
            new Doctor.Options(
                audience,
                Optional.ofNullable(management),
                associations(),
                sts ? Optional.of(new CallerIdentity(seen)) : Optional.empty()));
    List<Finding> findings = workload == null ? doctor.asPod() : about(doctor, workload);
    print(findings, out());
    return findings.stream().anyMatch(found -> found.status() == Status.FAIL) ? FAILED : 0;
  }

  private List<Finding> about(Doctor doctor, String named) {
    String[] names = named.split("/", -1);
    if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
      throw usage("not NAMESPACE/SERVICEACCOUNT: " + named);
    }
    return doctor.about(names[0], names[1]);
  }

  /** A pod's own credentials are none of the API's: there a profile has to be named. */
  private Optional<AssociationSource> associations() {
    if (profile != null) {
      return Optional.of(source(api.access(ProfileCredentialsProvider.create(profile))));
    }
    return workload == null ? Optional.empty() : Optional.of(source(api.access()));
  }

  private static AssociationSource source(ApiAccess access) {
    return (namespace, serviceAccount) -> {
      try (AssociationsApi client = access.connect()) {
        return client.describeAll(namespace, serviceAccount).stream()
            .map(found -> found.spec())
            .map(
                spec ->
                    spec.targetRoleArn() == null
                        ? spec.roleArn()
                        : spec.roleArn() + ", then " + spec.targetRoleArn())
            .findFirst();
      } catch (SdkException e) {
        throw new IOException(CallErrors.text(e), e);
      }
    };
  }

  private void print(List<Finding> findings, PrintWriter out) {
    if (format == Format.json) {
      out.println(JsonText.of(Map.of("findings", findings)));
    } else {
      findings.forEach(found -> line(found, out));
    }
    out.flush();
  }

  private static void line(Finding found, PrintWriter out) {
    out.printf("%-4s  %-17s  — %s%n", found.status().text(), found.check(), found.fact());
    if (!found.fix().isEmpty()) {
      out.printf("      %s%n", found.fix());
    }
  }
}
