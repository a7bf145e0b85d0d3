package io.claviger.edge.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Records the first time that a pod is served an access key. The last key of each pod is
 * remembered. A pod that was evicted is recorded again; brokers give the same delivery the same id.
 * Bounded; thread-safe; never blocks.
 */
public final class Deliveries {

  private final EventOutbox events;
  private final Runnable unrecorded;
  private final InstantSource clock;
  private final Cache<String, String> keyOfPod;

  /**
   * Starts with no delivery.
   *
   * @param pods how many pods are remembered
   * @param events receives the records
   * @param unrecorded runs when a delivery cannot be recorded
   * @param clock of this node
   */
  public Deliveries(int pods, EventOutbox events, Runnable unrecorded, InstantSource clock) {
    this.events = events;
    this.unrecorded = unrecorded;
    this.clock = clock;
    this.keyOfPod = Caffeine.newBuilder().maximumSize(pods).executor(Runnable::run).build();
  }

  /**
   * Records that a pod is served credentials. For a known pod and key it only looks at the cache.
   *
   * @param associationId the association that gives the role
   * @param revision of the association
   */
  public void served(
      WorkloadIdentity pod,
      String associationId,
      long revision,
      SessionCredentials credentials,
      ServedFrom from) {
    String key = credentials.accessKeyId();
    if (key.equals(keyOfPod.getIfPresent(pod.podUid()))) {
      return;
    }
    // Of two concurrent requests, one is the first.
    if (key.equals(keyOfPod.asMap().put(pod.podUid(), key))) {
      return;
    }
    try {
      events.add(delivered(pod, associationId, revision, credentials, from));
    } catch (IllegalArgumentException e) {
      // The record rejects names that Kubernetes does not permit. The pod still gets its answer.
      unrecorded.run();
    }
  }

  private NodeEvent delivered(
      WorkloadIdentity pod,
      String associationId,
      long revision,
      SessionCredentials credentials,
      ServedFrom from) {
    return new NodeEvent.Delivered(
        clock.instant(),
        pod.namespace(),
        pod.serviceAccount(),
        pod.podName(),
        pod.podUid(),
        associationId,
        revision,
        credentials.accessKeyId(),
        credentials.expiration(),
        sessionName(credentials.assumedRoleArn()),
        from);
  }

  /** {@code arn:aws:sts::<account>:assumed-role/<role>/<session name>}. */
  private static @Nullable String sessionName(String assumedRoleArn) {
    int slash = assumedRoleArn.lastIndexOf('/');
    return slash < 0 || slash == assumedRoleArn.length() - 1
        ? null
        : assumedRoleArn.substring(slash + 1);
  }
}
