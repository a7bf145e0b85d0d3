package io.claviger.broker.cli;

import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code revoke}: stops issuance, evicts everywhere, and says what ends what pods hold. */
@Command(
    name = "revoke",
    description = {
      "Revokes a role, a workload, a node or a pod: none gets credentials any more, within a second,",
      "and prints the IAM policies that end the sessions which pods already hold."
    },
    mixinStandardHelpOptions = true)
public final class RevokeCommand extends CliCommand {

  private final InstantSource clock;

  @Mixin private ApiOptions api = new ApiOptions();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(names = "--undo", description = "Lifts the revocation.")
  private boolean undo;

  /** Of all that can be said, one. */
  private static final class What {
    @Option(names = "--role", paramLabel = "ARN", description = "Everybody who has the role.")
    private @Nullable String role;

    @Option(
        names = "--workload",
        paramLabel = "NAMESPACE/SERVICEACCOUNT",
        description = "Every pod of the service account.")
    private @Nullable String workload;

    @Option(names = "--node", paramLabel = "NAME", description = "Every pod on the node.")
    private @Nullable String node;

    @Option(names = "--pod", paramLabel = "NAMESPACE/NAME|UID", description = "One pod.")
    private @Nullable String pod;

    @Option(names = "--list", description = "Shows what is revoked.")
    private boolean list;

    private RevokedSubject subject() {
      if (role != null) {
        return new RevokedSubject(Kind.ROLE, role);
      }
      if (workload != null) {
        return new RevokedSubject(Kind.WORKLOAD, workload);
      }
      return node != null
          ? new RevokedSubject(Kind.NODE, node)
          : new RevokedSubject(Kind.POD, String.valueOf(pod));
    }
  }

  /** By the clock of this machine. */
  public RevokeCommand() {
    this(InstantSource.system());
  }

  RevokeCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    if (what.list) {
      if (undo) {
        throw usage("--list has nothing to undo");
      }
      return api.run((revocations, associations) -> list(revocations.list()));
    }
    RevokedSubject subject = subject();
    return api.run(
        (revocations, associations) ->
            undo
                ? restored(revocations.restore(subject))
                : revoked(revocations.revoke(subject), associations));
  }

  private RevokedSubject subject() {
    try {
      return what.subject();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private int list(List<Revocation> all) {
    TextTable table = new TextTable("KIND", "NAME", "SINCE", "BY");
    for (Revocation one : all) {
      RevokedSubject subject = one.subject();
      table.row(subject.kind().text(), subject.name(), one.since().toString(), one.actor());
    }
    out().print(table);
    out().flush();
    return 0;
  }

  private int restored(Revocation lifted) {
    out()
        .println(
            "%s restored; it was revoked since %s by %s"
                .formatted(lifted.subject().text(), lifted.since(), lifted.actor()));
    out()
        .println(
            "A policy that was attached in IAM denies only sessions from before it, and can go.");
    out().flush();
    return 0;
  }

  private int revoked(Revocation revocation, AssociationsApi associations) {
    Instant now = clock.instant();
    out()
        .println(
            "%s revoked since %s by %s"
                .formatted(revocation.subject().text(), revocation.since(), revocation.actor()));
    // What follows may fail; this is done.
    out().flush();
    RevokedSubject subject = revocation.subject();
    List<RevocationAdvice.Deny> denies =
        new RevocationAdvice(revocation.cluster(), now)
            .denies(subject, concerned(subject, associations));
    explain(subject.kind(), denies.size());
    denies.forEach(this::print);
    out().flush();
    return 0;
  }

  private static List<RemoteAssociation> concerned(
      RevokedSubject subject, AssociationsApi associations) {
    int slash = subject.name().indexOf('/');
    return switch (subject.kind()) {
      case WORKLOAD ->
          associations.describeAll(
              subject.name().substring(0, slash), subject.name().substring(slash + 1));
      case POD ->
          associations.describeAll(slash < 0 ? null : subject.name().substring(0, slash), null);
      case ROLE, NODE -> associations.describeAll(null, null);
    };
  }

  private void explain(Kind kind, int policies) {
    out().println();
    if (policies == 0) {
      out().println("No association that this key may see is concerned: nothing to deny in IAM.");
      return;
    }
    out()
        .println(
            "Sessions that pods already hold are AWS's and work to their end, an hour at most. IAM"
                + " ends them by this:");
    if (kind == Kind.POD || kind == Kind.NODE) {
      out()
          .println(
              kind == Kind.POD
                  ? "(Which service account the pod has is not known here: take the policy of its.)"
                  : "(Sessions do not name their node: take the policies of the roles that its pods"
                      + " have.)");
    }
  }

  private void print(RevocationAdvice.Deny deny) {
    out().println();
    out().println("# " + deny.roleArn());
    if (!deny.note().isEmpty()) {
      out().println("# " + deny.note());
    }
    out().println(deny.document());
    out()
        .println(
            "# Saved as policy.json: aws iam put-role-policy --role-name %s --policy-name %s --policy-document file://policy.json"
                .formatted(deny.roleName(), deny.name()));
  }
}
