package io.claviger.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened with credentials: the data of a CloudEvent in {@link
 * io.claviger.schemas.association.Topics#CREDENTIAL_EVENTS}. Never holds a secret.
 *
 * @param type what happened
 * @param time when
 * @param member who saw it: a broker by its name, an edge by its node
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
 * @param expiration when the session ends
 * @param stsRequestId STS's id of the call
 * @param session how STS was asked for it, where it was opened
 * @param servedFrom where the edge had it from, where it was served to a pod
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

  /** An event of which more is to be said. */
  public static EventBuilder of(Type type, Instant time, String member, String cluster) {
    return new EventBuilder(type, time, member, cluster);
  }

  /** The CloudEvents subject: {@code cluster/namespace/serviceAccount}, or the cluster alone. */
  public String subject() {
    return namespace == null || serviceAccount == null
        ? cluster
        : cluster + "/" + namespace + "/" + serviceAccount;
  }

  /** What happened; written as the CloudEvents {@code type}. */
  public enum Type {
    /** A session was opened with STS for a first request. */
    ISSUED("io.claviger.credential.issued.v1"),
    /** A session was opened with STS to follow one that is still valid. */
    REFRESHED("io.claviger.credential.refreshed.v1"),
    /** An edge served an access key to a pod for the first time. */
    DELIVERED("io.claviger.credential.delivered.v1"),
    /** A request was refused. */
    REFUSED("io.claviger.credential.refused.v1"),
    /** A session could not be opened for a reason that may pass. */
    FAILED("io.claviger.credential.failed.v1"),
    /** A session was dropped, or a result came too late to be used. */
    INVALIDATED("io.claviger.credential.invalidated.v1"),
    /** A pod that is to be created was given what it needs to ask for credentials. */
    INJECTED("io.claviger.pod.injected.v1"),
    /** An association was created, changed or removed. */
    ASSOCIATION_CHANGED("io.claviger.association.changed.v1"),
    /**
     * A member has been cut off for longer than {@code max-staleness}: a broker issues nothing, an
     * edge serves nothing that it caches.
     */
    STALENESS_EXCEEDED("io.claviger.staleness.exceeded.v1"),
    /** A member that was cut off knows again what is so. */
    STALENESS_ENDED("io.claviger.staleness.ended.v1");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** The CloudEvents {@code type}. */
    @JsonValue
    public String text() {
      return text;
    }
  }
}
