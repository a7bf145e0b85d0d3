package io.claviger.broker.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code iam broker-policy}. */
@Command(
    name = "broker-policy",
    description = "Prints the policy of the brokers' own role: which roles it may assume.",
    mixinStandardHelpOptions = true)
final class BrokerPolicyCommand extends CliCommand {

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}|\\*");
  private static final Pattern PATH =
      Pattern.compile("[\\x21-\\x7e&&[^/*?$]]+(/[\\x21-\\x7e&&[^/*?$]]+)*");

  @Option(
      names = "--role-path",
      defaultValue = "pods",
      paramLabel = "PATH",
      description = "The path of the roles that pods get; default: ${DEFAULT-VALUE}.")
  private String rolePath = "pods";

  @Option(
      names = "--account",
      defaultValue = "*",
      paramLabel = "ACCOUNT",
      description = "Whose roles: 12 digits, or * for any; default: ${DEFAULT-VALUE}.")
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
          "--role-path is a path of IAM roles, as pods: without one, brokers could assume"
              + " every role that lets them");
    }
    if (!ACCOUNT.matcher(account).matches()) {
      throw usage("--account is 12 digits or *, not " + account);
    }
    out().println(IamPolicies.broker(partition, account, path));
    out().flush();
    return 0;
  }
}
