package io.claviger.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event about credentials: the data of a CloudEvent in {@link
 * io.claviger.schemas.association.Topics#CREDENTIAL_EVENTS}. Never contains a secret.
 *
 * @param type what happened
 * @param time when
 * @param member the instance that observed it: a broker by its name, an edge by its node
 * @param cluster the registered name of the Kubernetes cluster
 * @param namespace of the workload
 * @param serviceAccount of the workload
 * @param podName of the workload, where one pod is concerned
 * @param podUid of the workload, where one pod is concerned
 * @param node of the workload, where one pod is concerned
 * @param associationId the association
 * @param revision of the association
 * @param roleArn the role
 * @param accessKeyId names the session, as in CloudTrail
 * @param sessionName the role session's name, as in CloudTrail
 * @param expiration when the session expires
 * @param stsRequestId STS's id of the call
 * @param session the parameters of the STS call, if it opened the session
 * @param servedFrom where the edge got the credentials from, if it served them to a pod
 * @param reason the class of a refusal or failure
 * @param message for a person
 */
public record CredentialEvent(
    Type type,
    Instant time,
    String member,
    String cluster,
    @Nullable String namespace,
    @Nullable String serviceAccount,
    @Nullable String podName,
    @Nullable String podUid,
    @Nullable String node,
    @Nullable String associationId,
    @Nullable Long revision,
    @Nullable String roleArn,
    @Nullable String accessKeyId,
    @Nullable String sessionName,
    @Nullable Instant expiration,
    @Nullable String stsRequestId,
    @Nullable OpenedSession session,
    @Nullable ServedFrom servedFrom,
    @Nullable String reason,
    @Nullable String message) {

  public CredentialEvent {
    Check.present(type, "type");
    Check.present(time, "time");
    Check.text(member, "member");
    Check.text(cluster, "cluster");
  }

  /** Returns a builder of an event with these mandatory fields. */
  public static EventBuilder of(Type type, Instant time, String member, String cluster) {
    return new EventBuilder(type, time, member, cluster);
  }

  /**
   * Returns the CloudEvents subject: {@code cluster/namespace/serviceAccount}, or the cluster
   * alone.
   */
  public String subject() {
    return namespace == null || serviceAccount == null
        ? cluster
        : cluster + "/" + namespace + "/" + serviceAccount;
  }

  /** What happened; written as the CloudEvents {@code type}. */
  public enum Type {
    /** STS opened a session for a first request. */
    ISSUED("io.claviger.credential.issued.v1"),
    /** STS opened a session that succeeds one that is still valid. */
    REFRESHED("io.claviger.credential.refreshed.v1"),
    /** An edge served an access key to a pod for the first time. */
    DELIVERED("io.claviger.credential.delivered.v1"),
    /** A request was refused. */
    REFUSED("io.claviger.credential.refused.v1"),
    /** A session could not be opened, for a reason that may be temporary. */
    FAILED("io.claviger.credential.failed.v1"),
    /** A session was dropped, or a result came too late to be used. */
    INVALIDATED("io.claviger.credential.invalidated.v1"),
    /** The webhook injected into a new pod what it needs to request credentials. */
    INJECTED("io.claviger.pod.injected.v1"),
    /** An association was created, changed or removed. */
    ASSOCIATION_CHANGED("io.claviger.association.changed.v1"),
    /**
     * A broker or edge has been cut off for longer than {@code max-staleness}: a broker issues no
     * credentials, an edge serves none from its cache.
     */
    STALENESS_EXCEEDED("io.claviger.staleness.exceeded.v1"),
    /** A broker or edge that was cut off is up to date again. */
    STALENESS_ENDED("io.claviger.staleness.ended.v1");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Returns the CloudEvents {@code type}. */
    @JsonValue
    public String text() {
      return text;
    }
  }
}
