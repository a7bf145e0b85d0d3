package io.claviger.edge.credential;

import io.claviger.edge.workload.Subject;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;

/**
 * A session that this node may hand out.
 *
 * @param subject to whom
 * @param association the service account whose association gives the role
 * @param associationId that association
 * @param revision of it
 * @param position of the cluster's log that the broker answered at
 * @param credentials the session's
 * @param refreshAt when a broker is to be asked again
 * @param workload whom it was issued to first; of a session that is not shared, the only one
 * @param asked when somebody asked for it last; goes on to the session that follows it
 * @param doubted whether a broker has to say that it may still be handed out
 */
public record HeldSession(
    Subject subject,
    AssociationKey association,
    String associationId,
    long revision,
    Position position,
    SessionCredentials credentials,
    Instant refreshAt,
    WorkloadIdentity workload,
    LastAsked asked,
    boolean doubted) {

  static HeldSession of(CredentialReply.Issued issued, Instant refreshAt, LastAsked asked) {
    AssociationKey association = AssociationKey.of(issued.workload());
    Subject subject =
        switch (issued.sharedBy()) {
          case SERVICE_ACCOUNT -> new Subject.ServiceAccount(association);
          case POD -> new Subject.Pod(issued.workload().podUid());
        };
    return new HeldSession(
        subject,
        association,
        issued.associationId(),
        issued.revision(),
        issued.position(),
        issued.credentials(),
        refreshAt,
        issued.workload(),
        asked,
        false);
  }

  Sync.Known known() {
    return new Sync.Known(association, associationId, revision);
  }

  HeldSession refreshedAt(Instant when) {
    return at(position, when, doubted);
  }

  /** The same, to be asked about soon. */
  HeldSession inDoubt(Instant when) {
    return at(position, when.isBefore(refreshAt) ? when : refreshAt, true);
  }

  /** Whether somebody asked for it within its life's length: everybody who uses it does. */
  boolean isUsed(Instant now) {
    return !asked.isBefore(now.minus(credentials.lifetime()));
  }

  /** The one of two answers that is to be held: the newer association's, then the longer living. */
  static HeldSession better(HeldSession held, HeldSession offered) {
    if (!held.sameRevision(offered)) {
      return offered.position.reaches(held.position) ? offered.askedAs(held) : held;
    }
    return held.credentials.expiration().isAfter(offered.credentials.expiration())
        ? held.at(offered.position, offered.refreshAt, false)
        : offered.askedAs(held);
  }

  boolean sameRevision(HeldSession other) {
    return associationId.equals(other.associationId) && revision == other.revision;
  }

  /** Whether it is one pod's alone. */
  boolean isOfOnePod() {
    return subject instanceof Subject.Pod;
  }

  private HeldSession askedAs(HeldSession before) {
    return with(position, refreshAt, before.asked, doubted);
  }

  private HeldSession at(Position newer, Instant when, boolean inDoubt) {
    return with(newer.reaches(position) ? newer : position, when, asked, inDoubt);
  }

  private HeldSession with(
      Position newPosition, Instant newRefreshAt, LastAsked newAsked, boolean newDoubted) {
    return new HeldSession(
        subject,
        association,
        associationId,
        revision,
        newPosition,
        credentials,
        newRefreshAt,
        workload,
        newAsked,
        newDoubted);
  }
}
