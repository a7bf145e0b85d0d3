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
 * Which pod was served which access key: recorded the first time. Of each pod the last key is
 * remembered, and pods that were forgotten are recorded again; brokers give the same delivery the
 * same id. Bounded; thread-safe; never blocks.
 */
public final class Deliveries {

  private final EventOutbox events;
  private final Runnable unrecorded;
  private final InstantSource clock;
  private final Cache<String, String> keyOfPod;

  /**
   * None yet.
   *
   * @param pods how many pods are remembered
   * @param events takes what is recorded
   * @param unrecorded runs when a delivery cannot be put in a record
   * @param clock of this node
   */
  public Deliveries(int pods, EventOutbox events, Runnable unrecorded, InstantSource clock) {
    this.events = events;
    this.unrecorded = unrecorded;
    this.clock = clock;
    this.keyOfPod = Caffeine.newBuilder().maximumSize(pods).executor(Runnable::run).build();
  }

  /**
   * A pod is served credentials: one look at the cache, and nothing more where it had them already.
   *
   * @param associationId that gives the role
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
    // Of two requests at once one is the first.
    if (key.equals(keyOfPod.asMap().put(pod.podUid(), key))) {
      return;
    }
    try {
      events.add(delivered(pod, associationId, revision, credentials, from));
    } catch (IllegalArgumentException e) {
      // Names that no Kubernetes permits. The pod gets its answer nevertheless.
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
