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
 * @param subject the pods that it may be served to
 * @param association the service account whose association gives the role
 * @param associationId that association
 * @param revision of it
 * @param position of the cluster's log at which the broker answered
 * @param credentials of the session
 * @param refreshAt when it is next requested from a broker
 * @param workload the workload that it was first issued to; if the session is not shared, the only
 *     one
 * @param asked when a pod last requested it; its successor inherits this
 * @param suspect whether a broker has to confirm that it may still be served
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

  /** Returns the same session, to be confirmed soon. */
  CachedSession asSuspect(Instant when) {
    return at(position, when.isBefore(refreshAt) ? when : refreshAt, true);
  }

  /** Whether a pod requested it within one session lifetime, as every pod that uses it does. */
  boolean isUsed(Instant now) {
    return !asked.isBefore(now.minus(credentials.lifetime()));
  }

  /**
   * Returns the one to cache: of the newer association, then with the longer remaining lifetime.
   */
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

  /** Whether it belongs to one pod. */
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
