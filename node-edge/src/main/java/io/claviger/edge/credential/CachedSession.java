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
 * A session that this node may serve.
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
 * @param suspect whether a broker has to say that it may still be served
 */
public record CachedSession(
    Subject subject,
    AssociationKey association,
    String associationId,
    long revision,
    Position position,
    SessionCredentials credentials,
    Instant refreshAt,
    WorkloadIdentity workload,
    LastAsked asked,
    boolean suspect) {

  static CachedSession of(CredentialReply.Issued issued, Instant refreshAt, LastAsked asked) {
    AssociationKey association = AssociationKey.of(issued.workload());
    Subject subject =
        switch (issued.sharedBy()) {
          case SERVICE_ACCOUNT -> new Subject.ServiceAccount(association);
          case POD -> new Subject.Pod(issued.workload().podUid());
        };
    return new CachedSession(
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

  CachedSession refreshedAt(Instant when) {
    return at(position, when, suspect);
  }

  /** The same, to be asked about soon. */
  CachedSession asSuspect(Instant when) {
    return at(position, when.isBefore(refreshAt) ? when : refreshAt, true);
  }

  /** Whether somebody asked for it within its life's length: everybody who uses it does. */
  boolean isUsed(Instant now) {
    return !asked.isBefore(now.minus(credentials.lifetime()));
  }

  /** The one of two answers to cache: the newer association's, then the longer living. */
  static CachedSession better(CachedSession cached, CachedSession offered) {
    if (!cached.sameRevision(offered)) {
      return offered.position.isAtLeast(cached.position) ? offered.askedAs(cached) : cached;
    }
    return cached.credentials.expiration().isAfter(offered.credentials.expiration())
        ? cached.at(offered.position, offered.refreshAt, false)
        : offered.askedAs(cached);
  }

  boolean sameRevision(CachedSession other) {
    return associationId.equals(other.associationId) && revision == other.revision;
  }

  /** Whether it is one pod's alone. */
  boolean isOfOnePod() {
    return subject instanceof Subject.Pod;
  }

  private CachedSession askedAs(CachedSession before) {
    return with(position, refreshAt, before.asked, suspect);
  }

  private CachedSession at(Position newer, Instant when, boolean asSuspect) {
    return with(newer.isAtLeast(position) ? newer : position, when, asked, asSuspect);
  }

  private CachedSession with(
      Position newPosition, Instant newRefreshAt, LastAsked newAsked, boolean newSuspect) {
    return new CachedSession(
        subject,
        association,
        associationId,
        revision,
        newPosition,
        credentials,
        newRefreshAt,
        workload,
        newAsked,
        newSuspect);
  }
}
