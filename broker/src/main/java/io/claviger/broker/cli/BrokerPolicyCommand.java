package io.claviger.broker.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code iam broker-policy}. */
@Command(
    name = "broker-policy",
    description = "Prints the permissions policy of the brokers' own role: which roles to assume.",
    mixinStandardHelpOptions = true)
final class BrokerPolicyCommand extends CliCommand {

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}|\\*");
  private static final Pattern PATH =
      Pattern.compile("[\\x21-\\x7e&&[^/*?$]]+(/[\\x21-\\x7e&&[^/*?$]]+)*");

  @Option(
      names = "--role-path",
      defaultValue = "pods",
      paramLabel = "PATH",
      description = "The IAM path of the pods' roles; default: ${DEFAULT-VALUE}.")
  private String rolePath = "pods";

  @Option(
      names = "--account",
      defaultValue = "*",
      paramLabel = "ACCOUNT",
      description = "The account of the roles: 12 digits, or * for any; default: ${DEFAULT-VALUE}.")
  private String account = "*";

  @Option(
      names = "--partition",
      defaultValue = "aws",
      paramLabel = "PARTITION",
      description = "aws, aws-cn or aws-us-gov; default: ${DEFAULT-VALUE}.")
  private String partition = "aws";

  @Override
  public Integer call() {
    String path = rolePath.replaceAll("^/|/$", "");
    if (!PATH.matcher(path).matches()) {
      throw usage(
          "--role-path must be an IAM path such as pods: without a path, brokers could assume"
              + " every role that trusts them");
    }
    if (!ACCOUNT.matcher(account).matches()) {
      throw usage("--account must be 12 digits or *, not " + account);
    }
    out().println(IamPolicies.broker(partition, account, path));
    out().flush();
    return 0;
  }
}
