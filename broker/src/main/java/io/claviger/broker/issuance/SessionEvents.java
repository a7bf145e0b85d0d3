package io.claviger.broker.issuance;

import io.claviger.broker.audit.AuditLog;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tells the audit log what happened with sessions. */
final class SessionEvents {

  private final AuditLog log;
  private final String member;
  private final InstantSource clock;

  SessionEvents(AuditLog log, String member, InstantSource clock) {
    this.log = log;
    this.member = member;
    this.clock = clock;
  }

  /** STS opened a session; {@code refresh}: one that is still valid was there before. */
  void opened(SessionPlan plan, SessionCredentials session, String requestId, boolean refresh) {
    record(
        refresh ? CredentialEvent.Type.REFRESHED : CredentialEvent.Type.ISSUED,
        plan,
        session,
        requestId,
        null,
        null);
  }

  /** STS refused to open a session. */
  void denied(SessionPlan plan, RefusalReason reason, String message) {
    record(CredentialEvent.Type.REFUSED, plan, null, null, reason.name(), message);
  }

  /** A session could not be opened. */
  void failed(SessionPlan plan, String message) {
    record(CredentialEvent.Type.FAILED, plan, null, null, null, message);
  }

  /** A session was opened and dropped, because the association had moved meanwhile. */
  void tooLate(SessionPlan plan, SessionCredentials session, String requestId) {
    record(
        CredentialEvent.Type.INVALIDATED,
        plan,
        session,
        requestId,
        null,
        "the association changed while the session was being opened: it is kept nowhere");
  }

  /** A request was refused before any session was planned. */
  void refused(WorkloadIdentity workload, RefusalReason reason, String message) {
    log.record(
        new CredentialEvent(
            CredentialEvent.Type.REFUSED,
            clock.instant(),
            member,
            workload.cluster(),
            workload.namespace(),
            workload.serviceAccount(),
            workload.podName(),
            workload.podUid(),
            workload.node(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            reason.name(),
            message));
  }

  /** Sessions of an association as it was have been dropped. */
  void dropped(Association before, String message) {
    log.record(
        new CredentialEvent(
            CredentialEvent.Type.INVALIDATED,
            clock.instant(),
            member,
            before.cluster(),
            before.spec().namespace(),
            before.spec().serviceAccount(),
            null,
            null,
            null,
            before.id(),
            before.revision(),
            before.spec().roleArn(),
            null,
            null,
            null,
            null,
            null,
            message));
  }

  /** Names the pod only where the session is of that pod alone. */
  private void record(
      CredentialEvent.Type type,
      SessionPlan plan,
      @Nullable SessionCredentials session,
      @Nullable String requestId,
      @Nullable String reason,
      @Nullable String message) {
    WorkloadIdentity workload = plan.workload();
    boolean onePod = plan.isOfOnePod();
    log.record(
        new CredentialEvent(
            type,
            clock.instant(),
            member,
            workload.cluster(),
            workload.namespace(),
            workload.serviceAccount(),
            onePod ? workload.podName() : null,
            onePod ? workload.podUid() : null,
            onePod ? workload.node() : null,
            plan.key().associationId(),
            plan.key().revision(),
            plan.roleArn(),
            session == null ? null : session.accessKeyId(),
            plan.request().sessionName(),
            session == null ? null : session.expiration(),
            requestId,
            reason,
            message));
  }
}
