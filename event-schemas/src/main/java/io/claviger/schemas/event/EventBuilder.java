package io.claviger.schemas.event;

import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Puts a {@link CredentialEvent} together; what is not said is absent. Not thread-safe. */
public final class EventBuilder {

  private final CredentialEvent.Type type;
  private final Instant time;
  private final String member;
  private final String cluster;
  private @Nullable String namespace;
  private @Nullable String serviceAccount;
  private @Nullable String podName;
  private @Nullable String podUid;
  private @Nullable String node;
  private @Nullable String associationId;
  private @Nullable Long revision;
  private @Nullable String roleArn;
  private @Nullable String accessKeyId;
  private @Nullable String sessionName;
  private @Nullable Instant expiration;
  private @Nullable String stsRequestId;
  private @Nullable OpenedSession session;
  private @Nullable ServedFrom servedFrom;
  private @Nullable String reason;
  private @Nullable String message;

  EventBuilder(CredentialEvent.Type type, Instant time, String member, String cluster) {
    this.type = type;
    this.time = time;
    this.member = member;
    this.cluster = cluster;
  }

  /** Whose: the service account. */
  public EventBuilder of(String itsNamespace, String itsServiceAccount) {
    this.namespace = itsNamespace;
    this.serviceAccount = itsServiceAccount;
    return this;
  }

  /** Whose: one pod. */
  public EventBuilder of(WorkloadIdentity pod) {
    return of(pod.namespace(), pod.serviceAccount())
        .pod(pod.podName(), pod.podUid())
        .on(pod.node());
  }

  /** Which pod of it; one that is yet to be created has no uid. */
  public EventBuilder pod(String name, @Nullable String uid) {
    this.podName = name;
    this.podUid = uid;
    return this;
  }

  /** Where. */
  public EventBuilder on(@Nullable String itsNode) {
    this.node = itsNode;
    return this;
  }

  /** Under which association. */
  public EventBuilder under(String id, long itsRevision) {
    this.associationId = id;
    this.revision = itsRevision;
    return this;
  }

  /** Of which role. */
  public EventBuilder role(@Nullable String arn) {
    this.roleArn = arn;
    return this;
  }

  /** In which session, open or to be opened. */
  public EventBuilder session(@Nullable String name) {
    this.sessionName = name;
    return this;
  }

  /** With which key, as STS has answered. */
  public EventBuilder key(String id, Instant ends, @Nullable String requestId) {
    this.accessKeyId = id;
    this.expiration = ends;
    this.stsRequestId = requestId;
    return this;
  }

  /** How STS was asked. */
  public EventBuilder opened(OpenedSession how) {
    this.session = how;
    return this;
  }

  /** Served to a pod, from where. */
  public EventBuilder servedFrom(ServedFrom where) {
    this.servedFrom = where;
    return this;
  }

  /** Why: the class of it, and for a person. */
  public EventBuilder because(@Nullable String itsReason, @Nullable String itsMessage) {
    this.reason = itsReason;
    this.message = itsMessage;
    return this;
  }

  /** The event. */
  public CredentialEvent build() {
    return new CredentialEvent(
        type,
        time,
        member,
        cluster,
        namespace,
        serviceAccount,
        podName,
        podUid,
        node,
        associationId,
        revision,
        roleArn,
        accessKeyId,
        sessionName,
        expiration,
        stsRequestId,
        session,
        servedFrom,
        reason,
        message);
  }
}
