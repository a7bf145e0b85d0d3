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
 * The pods to which this node serves what it caches: a broker has said of each once that it is
 * there, or could not say. Brokers are told of them, and say when they are gone. Bounded;
 * thread-safe.
 */
public final class ServedPods {

  /** Somebody that has not asked for so long is asked about anew. */
  private static final Duration LONGEST = Duration.ofHours(24);

  private static final int JOURNAL_SIZE = 4_096;

  private final Cache<String, PodReport.Pod> pods;
  private final Journal<String> newlyServed = new Journal<>(JOURNAL_SIZE);

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

  /** Whether what is cached may be served to the pod without asking a broker. */
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

  /** As brokers are told of it. */
  static PodReport.Pod pod(VerifiedToken token) {
    return new PodReport.Pod(
        token.workload().namespace(), token.workload().podName(), token.workload().podUid());
  }

  /** The uids of all of them. */
  public Set<String> uids() {
    return Set.copyOf(pods.asMap().keySet());
  }

  /** One of them, as brokers are told of it: that is not a use of it. */
  public PodReport.@Nullable Pod find(String uid) {
    return pods.policy().getIfPresentQuietly(uid);
  }

  /** The uids of those that are served from now on. */
  public Journal<String> newlyServed() {
    return newlyServed;
  }

  /** How many there are. */
  public int size() {
    return pods.asMap().size();
  }

  /** A broker says what becomes of pods of which none can say whether they are there. */
  public void policy(PodPolicy reported) {
    policy = reported;
  }

  PodPolicy policy() {
    return policy;
  }
}
