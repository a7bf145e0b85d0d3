package io.claviger.broker.cli.migration;

import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.broker.cli.migration.Imported.Found;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes an import as a file to review: manifests, with comments on what to do.
 *
 * @param source the name of the source, for the operator
 * @param clusterArn the registered ARN of the target cluster
 * @param brokerRoleArn the brokers' role, which the roles must trust
 */
public record ImportFile(
    String source, Optional<String> clusterArn, Optional<String> brokerRoleArn) {

  /** Characters that end a line for some parser, or that YAML forbids (YAML 1.2.2, section 5.1). */
  private static final Pattern NOT_IN_A_COMMENT =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\p{Cs}\\ufeff\\ufffe\\uffff]");

  private static final int PARTITION = 1;
  private static final int ACCOUNT = 4;

  /** The part of a role ARN before the role's name, from the cluster's ARN. */
  public Optional<String> rolePrefix() {
    return arnParts()
        .map(parts -> "arn:%s:iam::%s:role/".formatted(parts[PARTITION], parts[ACCOUNT]));
  }

  private Optional<String> account() {
    return arnParts().map(parts -> parts[ACCOUNT]);
  }

  private Optional<String[]> arnParts() {
    return clusterArn.map(arn -> arn.split(":", -1)).filter(parts -> parts.length > ACCOUNT);
  }

  /** Returns the text of the file, ordered by namespace and service account. */
  public String text(Imported imported) {
    StringBuilder text = new StringBuilder(header(imported));
    imported.found().stream()
        .sorted(Comparator.comparing(Found::name))
        .forEach(
            one -> {
              text.append('\n');
              notes(one).forEach(note -> text.append(comment(note)));
              text.append(AssociationManifest.write(List.of(one.spec())));
            });
    return text.toString();
  }

  private String header(Imported imported) {
    StringBuilder header = new StringBuilder();
    Stream.of(
            imported.found().size() + " associations, found in " + source + ". Review them, then",
            "  kubectl apply -f FILE                   as objects of the cluster, or",
            "  claviger associations apply -f FILE     by the brokers' API.",
            "Each role must trust the brokers' role: see docs/iam.md. A grant must allow each role: see"
                + " docs/associations.md.")
        .forEach(line -> header.append(comment(line)));
    if (!imported.skipped().isEmpty()) {
      header.append(comment("Not written:"));
      imported.skipped().forEach(one -> header.append(comment("  " + one)));
    }
    return header.toString();
  }

  private Stream<String> notes(Found one) {
    return Stream.of(
            Stream.of(one.name()),
            one.notes().stream().map(note -> "  " + note),
            otherAccount(one).stream(),
            Stream.of("  trust: " + trustCommand(one)))
        .flatMap(lines -> lines);
  }

  private Optional<String> otherAccount(Found one) {
    return account()
        .filter(own -> !RoleArns.account(one.spec().roleArn()).filter(own::equals).isPresent())
        .map(
            own ->
                "  REVIEW: the role is not in the cluster's account "
                    + own
                    + ": use it as targetRoleArn, with a roleArn of that account");
  }

  private String trustCommand(Found one) {
    return "claviger iam trust-policy --broker-role-arn %s --cluster-arn %s --namespace %s --service-account %s --keep-eks%s"
        .formatted(
            brokerRoleArn.orElse("BROKERS-ROLE-ARN"),
            clusterArn.orElse("CLUSTER-ARN"),
            one.spec().namespace(),
            one.spec().serviceAccount(),
            one.spec().disableSessionTags() ? " --disable-session-tags" : "");
  }

  /** Writes a comment line. Replaces characters by which untrusted text could become a manifest. */
  private static String comment(String line) {
    return "# " + NOT_IN_A_COMMENT.matcher(line).replaceAll("?") + "\n";
  }
}
