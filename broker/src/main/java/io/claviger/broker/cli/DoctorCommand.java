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

/** {@code doctor}: reports why a pod has no credentials, and how to fix it. */
@Command(
    name = "doctor",
    description = "Checks each step between a pod and its credentials.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Run it in a pod, or in a shell with a pod's environment: it then checks what the SDKs use.",
      "With --workload, it checks a service account at the brokers instead.",
      "The exit code is 1 if a check failed."
    })
public final class DoctorCommand extends CliCommand {

  private final Map<String, String> environment;

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(
      names = "--workload",
      paramLabel = "NAMESPACE/SERVICEACCOUNT",
      description = "Check this service account at the API, instead of a pod's environment.")
  private @Nullable String workload;

  @Option(
      names = "--audience",
      defaultValue = "pods.eks.amazonaws.com",
      paramLabel = "AUDIENCE",
      description = "The audience that tokens must have. Default: ${DEFAULT-VALUE}.")
  private String audience = "";

  @Option(
      names = "--broker-management",
      paramLabel = "URL",
      description = "A broker's management address (port 2706). Checks whether it is ready.")
  private @Nullable URI management;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile with an access key of the API. Checks the pod's association too.")
  private @Nullable String profile;

  @Option(names = "--sts", description = "Also call STS with the credentials (GetCallerIdentity).")
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

  /** Creates the command for this process's environment. */
  public DoctorCommand() {
    this(System.getenv());
  }

  /** Creates the command for the given environment. */
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
      throw usage("--workload must be NAMESPACE/SERVICEACCOUNT, not " + named);
    }
    return doctor.about(names[0], names[1]);
  }

  /** The API does not accept a pod's credentials. In a pod, the operator must name a profile. */
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
