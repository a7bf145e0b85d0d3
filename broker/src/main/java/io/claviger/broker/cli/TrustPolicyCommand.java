package io.claviger.broker.cli;

import io.claviger.broker.cli.IamPolicies.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code iam trust-policy}. */
@Command(
    name = "trust-policy",
    description = "Prints the trust policy of a role for the pods of one service account.",
    mixinStandardHelpOptions = true)
final class TrustPolicyCommand extends CliCommand {

  @ArgGroup(multiplicity = "1")
  private Trusted trusted = new Trusted();

  /** The role that the policy trusts. */
  private static final class Trusted {
    @Option(
        names = "--broker-role-arn",
        paramLabel = "ARN",
        description = "The brokers' own role; prints the policy of an association's role.")
    private @Nullable String broker;

    @Option(
        names = "--source-role-arn",
        paramLabel = "ARN",
        description = "An association's role; prints the policy of its target role.")
    private @Nullable String source;
  }

  @Option(
      names = "--cluster-arn",
      required = true,
      paramLabel = "ARN",
      description = "The ARN that the cluster is registered with at the brokers.")
  private String clusterArn = "";

  @Option(names = "--namespace", required = true, paramLabel = "NAME")
  private String namespace = "";

  @Option(names = "--service-account", required = true, paramLabel = "NAME")
  private String serviceAccount = "";

  @Option(
      names = "--disable-session-tags",
      description = "The association disables session tags: the external id names the workload.")
  private boolean disableSessionTags;

  @Option(names = "--keep-eks", description = "Also trust EKS Pod Identity, while migrating.")
  private boolean keepEks;

  @Override
  public Integer call() {
    out().println(policy());
    out().flush();
    return 0;
  }

  private String policy() {
    Workload workload = workload();
    if (trusted.source != null) {
      if (keepEks || disableSessionTags) {
        throw usage(
            "--keep-eks and --disable-session-tags do not go with --source-role-arn: a target role"
                + " trusts only its source role");
      }
      return IamPolicies.trustOfTarget(trusted.source, workload);
    }
    String broker = String.valueOf(trusted.broker);
    return disableSessionTags
        ? IamPolicies.trustByExternalId(broker, workload, keepEks)
        : IamPolicies.trustByTags(broker, workload, keepEks);
  }

  private Workload workload() {
    try {
      return new Workload(clusterArn, namespace, serviceAccount);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }
}
