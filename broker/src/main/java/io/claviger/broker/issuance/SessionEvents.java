package io.claviger.broker.issuance;

import io.claviger.broker.audit.AuditLog;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.EventBuilder;
import io.claviger.schemas.event.OpenedSession;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes session events to the audit log. */
final class SessionEvents {

  private final AuditLog log;
  private final String member;
  private final InstantSource clock;

  SessionEvents(AuditLog log, String member, InstantSource clock) {
    this.log = log;
    this.member = member;
    this.clock = clock;
  }

  /** STS opened a session; {@code refresh}: a valid session was cached before. */
  void opened(SessionPlan plan, RoleSessions.Result.Opened opened, boolean refresh) {
    record(
        refresh ? CredentialEvent.Type.REFRESHED : CredentialEvent.Type.ISSUED,
        plan,
        opened,
        null,
        null);
  }

  /** STS refused to open a session. */
  void denied(SessionPlan plan, RefusalReason reason, String message) {
    record(CredentialEvent.Type.REFUSED, plan, null, reason.name(), message);
  }

  /** A session could not be opened. */
  void failed(SessionPlan plan, String cause, String message) {
    record(CredentialEvent.Type.FAILED, plan, null, cause, message);
  }

  /** A session was opened and dropped, because the association had changed in the meantime. */
  void tooLate(SessionPlan plan, RoleSessions.Result.Opened opened) {
    record(
        CredentialEvent.Type.INVALIDATED,
        plan,
        opened,
        null,
        "the association changed while the session was being opened: the session is dropped");
  }

  /** A request was refused before any session was planned. */
  void refused(WorkloadIdentity workload, RefusalReason reason, String message) {
    log.record(
        event(CredentialEvent.Type.REFUSED, workload.cluster())
            .of(workload)
            .because(reason.name(), message)
            .build());
  }

  /**
   * Sessions of an association's earlier revision were dropped. If there were none, no event is
   * written.
   *
   * @param dropped completes with whether there was one
   */
  void dropped(Association before, CompletionStage<Boolean> dropped, String message) {
    dropped.thenAccept(
        any -> {
          if (any) {
            dropped(before, message);
          }
        });
  }

  private void dropped(Association before, String message) {
    log.record(
        event(CredentialEvent.Type.INVALIDATED, before.cluster())
            .of(before.spec().namespace(), before.spec().serviceAccount())
            .under(before.id(), before.revision())
            .role(before.spec().roleArn())
            .because(null, message)
            .build());
  }

  private EventBuilder event(CredentialEvent.Type type, String cluster) {
    return CredentialEvent.of(type, clock.instant(), member, cluster);
  }

  /** Names the pod only if the session belongs to that pod alone. */
  private void record(
      CredentialEvent.Type type,
      SessionPlan plan,
      RoleSessions.Result.@Nullable Opened opened,
      @Nullable String reason,
      @Nullable String message) {
    WorkloadIdentity workload = plan.workload();
    EventBuilder event = event(type, workload.cluster());
    if (plan.isOfOnePod()) {
      event.of(workload);
    } else {
      event.of(workload.namespace(), workload.serviceAccount());
    }
    if (opened != null) {
      SessionCredentials session = opened.credentials();
      event
          .key(session.accessKeyId(), session.expiration(), opened.requestId())
          .opened(asked(plan.request(), opened));
    }
    log.record(
        event
            .under(plan.key().associationId(), plan.key().revision())
            .role(plan.roleArn())
            .session(plan.request().sessionName())
            .because(reason, message)
            .build());
  }

  private static OpenedSession asked(
      RoleSessions.Request request, RoleSessions.Result.Opened opened) {
    return new OpenedSession(
        request.tags(),
        opened.packedPolicySize(),
        opened.credentials().lifetime().toSeconds(),
        request.targetRoleArn() == null ? null : request.roleArn());
  }
}
