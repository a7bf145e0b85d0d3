package io.claviger.schemas.event;

import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds a {@link CredentialEvent}; fields that are not set are absent. Not thread-safe. */
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

  /** Sets the service account. */
  public EventBuilder of(String itsNamespace, String itsServiceAccount) {
    this.namespace = itsNamespace;
    this.serviceAccount = itsServiceAccount;
    return this;
  }

  /** Sets the pod and its service account. */
  public EventBuilder of(WorkloadIdentity pod) {
    return of(pod.namespace(), pod.serviceAccount())
        .pod(pod.podName(), pod.podUid())
        .on(pod.node());
  }

  /** Sets the pod; one that is yet to be created has no uid. */
  public EventBuilder pod(String name, @Nullable String uid) {
    this.podName = name;
    this.podUid = uid;
    return this;
  }

  /** Sets the node. */
  public EventBuilder on(@Nullable String itsNode) {
    this.node = itsNode;
    return this;
  }

  /** Sets the association. */
  public EventBuilder under(String id, long itsRevision) {
    this.associationId = id;
    this.revision = itsRevision;
    return this;
  }

  /** Sets the role. */
  public EventBuilder role(@Nullable String arn) {
    this.roleArn = arn;
    return this;
  }

  /** Sets the session's name, for a session that is open or yet to be opened. */
  public EventBuilder session(@Nullable String name) {
    this.sessionName = name;
    return this;
  }

  /** Sets the access key from STS's answer. */
  public EventBuilder key(String id, Instant ends, @Nullable String requestId) {
    this.accessKeyId = id;
    this.expiration = ends;
    this.stsRequestId = requestId;
    return this;
  }

  /** Sets the parameters of the STS call. */
  public EventBuilder opened(OpenedSession how) {
    this.session = how;
    return this;
  }

  /** Sets where the served credentials came from. */
  public EventBuilder servedFrom(ServedFrom where) {
    this.servedFrom = where;
    return this;
  }

  /** Sets the class of a refusal or failure and the message for a person. */
  public EventBuilder because(@Nullable String itsReason, @Nullable String itsMessage) {
    this.reason = itsReason;
    this.message = itsMessage;
    return this;
  }

  /** Returns the event. */
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
