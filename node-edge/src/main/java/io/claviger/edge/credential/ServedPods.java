package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods that this node serves from its cache. For each, a broker has once confirmed that it
 * exists, or could not answer. The edge reports these pods to brokers, which report when they are
 * gone. Bounded; thread-safe.
 */
public final class ServedPods {

  /** A pod without a request for this long is checked anew. */
  private static final Duration LONGEST = Duration.ofHours(24);

  private static final int JOURNAL_SIZE = 4_096;

  private final Cache<String, PodReport.Pod> pods;
  private final Journal<String> newlyServed = new Journal<>(JOURNAL_SIZE);

  /** Until a broker has sent its policy, pods are not checked. */
  private volatile PodPolicy policy = PodPolicy.OFF;

  /**
   * Starts with no pod.
   *
   * @param size how many pods are remembered; an evicted pod is checked anew
   * @param ticker measures how long
   */
  public ServedPods(int size, Ticker ticker) {
    this.pods =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfterAccess(LONGEST)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Whether the pod may be served from the cache without asking a broker. */
  boolean serves(VerifiedToken token) {
    return policy == PodPolicy.OFF || pods.getIfPresent(token.pod().uid()) != null;
  }

  void add(VerifiedToken token) {
    PodReport.Pod pod = pod(token);
    if (pods.asMap().putIfAbsent(pod.uid(), pod) == null) {
      newlyServed.add(pod.uid());
    }
  }

  void forget(String uid) {
    pods.invalidate(uid);
  }

  /** Returns the pod in the form of a report to brokers. */
  static PodReport.Pod pod(VerifiedToken token) {
    return new PodReport.Pod(
        token.workload().namespace(), token.workload().podName(), token.workload().podUid());
  }

  /** Returns the uids of all pods. */
  public Set<String> uids() {
    return Set.copyOf(pods.asMap().keySet());
  }

  /** Returns a pod in the form of a report to brokers; this does not count as a use of it. */
  public PodReport.@Nullable Pod find(String uid) {
    return pods.policy().getIfPresentQuietly(uid);
  }

  /** Returns the uids of pods that are served from now on. */
  public Journal<String> newlyServed() {
    return newlyServed;
  }

  /** Returns how many there are. */
  public int size() {
    return pods.asMap().size();
  }

  /** Sets a broker's policy for pods that no broker can confirm. */
  public void policy(PodPolicy reported) {
    policy = reported;
  }

  PodPolicy policy() {
    return policy;
  }
}
