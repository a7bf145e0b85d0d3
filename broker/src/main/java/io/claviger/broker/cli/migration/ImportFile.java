package io.claviger.broker.cli.migration;

import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.broker.cli.migration.Imported.Found;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What has been imported as a file to review: manifests, and in comments what to do about each.
 *
 * @param source where it was found, for people
 * @param clusterArn of the cluster that it is for, as it is registered with the brokers
 * @param brokerRoleArn the brokers' role, which has to be trusted
 */
public record ImportFile(
    String source, Optional<String> clusterArn, Optional<String> brokerRoleArn) {

  /** Ends a line for some parser, or may stand in no YAML at all (YAML 1.2.2, section 5.1). */
  private static final Pattern NOT_IN_A_COMMENT =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\p{Cs}\\ufeff\\ufffe\\uffff]");

  private static final int PARTITION = 1;
  private static final int ACCOUNT = 4;

  /** What the ARNs of the cluster's own roles begin with, by the cluster's ARN. */
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

  /** Its text, in the order of namespace and service account. */
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
            "Each role has to trust the brokers' role, and a grant has to allow it: see docs/iam.md"
                + " and docs/associations.md.")
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
                "  REVIEW: the role is not of the cluster's account "
                    + own
                    + ": make it the targetRoleArn behind a role of that account");
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

  /** A line, whatever is in it: what others have written must not become a manifest. */
  private static String comment(String line) {
    return "# " + NOT_IN_A_COMMENT.matcher(line).replaceAll("?") + "\n";
  }
}
