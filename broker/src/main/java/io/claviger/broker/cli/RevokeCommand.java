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

/** {@code revoke}: stops issuance, evicts sessions, and prints policies that end sessions. */
@Command(
    name = "revoke",
    description = {
      "Revokes a role, a workload, a node or a pod. Within a second, brokers and connected edges stop",
      "serving credentials for it. Also prints the IAM policies that end the sessions that pods",
      "already hold."
    },
    mixinStandardHelpOptions = true)
public final class RevokeCommand extends CliCommand {

  private final InstantSource clock;

  @Mixin private ApiOptions api = new ApiOptions();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(names = "--undo", description = "Lift the revocation.")
  private boolean undo;

  /** The subject of the revocation, or {@code --list}. */
  private static final class What {
    @Option(names = "--role", paramLabel = "ARN", description = "Every pod with the role.")
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

    @Option(names = "--list", description = "Show all revocations.")
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

  /** Creates the command with the system clock. */
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
        throw usage("--undo does not go with --list: name the revocation to lift");
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
            "If you attached a policy in IAM, you can delete it: it denies only older sessions.");
    out().flush();
    return 0;
  }

  private int revoked(Revocation revocation, AssociationsApi associations) {
    Instant now = clock.instant();
    out()
        .println(
            "%s revoked since %s by %s"
                .formatted(revocation.subject().text(), revocation.since(), revocation.actor()));
    // The revocation is in force even if the calls below fail.
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
      out().println("No association that this key may see is affected: nothing to attach in IAM.");
      return;
    }
    out()
        .println(
            "Sessions that pods already hold work until they expire, within an hour. To end them"
                + " now, attach in IAM:");
    if (kind == Kind.POD || kind == Kind.NODE) {
      out()
          .println(
              kind == Kind.POD
                  ? "(Which service account the pod has is unknown here: attach only its policy.)"
                  : "(Sessions do not name their node: attach the policies of the roles that its"
                      + " pods have.)");
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
            "# Save it as policy.json, then: aws iam put-role-policy --role-name %s --policy-name %s --policy-document file://policy.json"
                .formatted(deny.roleName(), deny.name()));
  }
}
