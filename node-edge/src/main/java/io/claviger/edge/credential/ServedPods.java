package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The pods to which this node hands out what it holds: a broker has said of each once that it is
 * there, or could not say. Brokers are told of them, and say when they are gone. Bounded;
 * thread-safe.
 */
public final class ServedPods {

  /** Somebody that has not asked for so long is asked about anew. */
  private static final Duration LONGEST = Duration.ofHours(24);

  private final Cache<String, PodReport.Pod> pods;

  /** Until a broker has said what it is, nobody is asked. */
  private volatile PodPolicy policy = PodPolicy.OFF;

  /**
   * Serves none yet.
   *
   * @param size how many pods are remembered; one that is forgotten is asked about anew
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

  /** Whether what is held may be handed to the pod without a question. */
  boolean serves(VerifiedToken token) {
    return policy == PodPolicy.OFF || pods.getIfPresent(token.pod().uid()) != null;
  }

  void add(VerifiedToken token) {
    PodReport.Pod pod = pod(token);
    pods.put(pod.uid(), pod);
  }

  void forget(String uid) {
    pods.invalidate(uid);
  }

  /** As brokers are told of it. */
  static PodReport.Pod pod(VerifiedToken token) {
    return new PodReport.Pod(
        token.workload().namespace(), token.workload().podName(), token.workload().podUid());
  }

  /** All of them, as brokers are told. */
  public Collection<PodReport.Pod> all() {
    return List.copyOf(pods.asMap().values());
  }

  /** How many there are. */
  public int size() {
    return pods.asMap().size();
  }

  /** A broker says what becomes of pods of which none can say whether they are there. */
  public void policy(PodPolicy told) {
    policy = told;
  }

  PodPolicy policy() {
    return policy;
  }
}
