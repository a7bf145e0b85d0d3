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
    this.podName = pod.podName();
    this.podUid = pod.podUid();
    this.node = pod.node();
    return of(pod.namespace(), pod.serviceAccount());
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
  public EventBuilder session(String name) {
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
        reason,
        message);
  }
}
