package io.claviger.edge.ingress;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may wait for a broker: in all and of each pod. As many again may wait to be
 * told that they are too many: SDKs burn their tries on a fast 503. Thread-safe.
 */
final class RequestLimits {

  private final int limit;
  private final int limitPerPod;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger pausing = new AtomicInteger();
  private final ConcurrentMap<String, Integer> perPod = new ConcurrentHashMap<>();

  RequestLimits(int limit, int limitPerPod) {
    this.limit = limit;
    this.limitPerPod = limitPerPod;
  }

  /**
   * Takes a place for a request that has to wait.
   *
   * @param pod who asks: a pod's uid, or where from while nothing is proven
   * @return whether there was one; then it is to be left again
   */
  boolean enter(String pod) {
    if (waiting.incrementAndGet() > limit) {
      waiting.decrementAndGet();
      return false;
    }
    // Counting up and not down again when it is too many is undone at once: never more than one
    // off.
    if (perPod.merge(pod, 1, Integer::sum) > limitPerPod) {
      leave(pod);
      return false;
    }
    return true;
  }

  /** Whether there is a place for nobody, whoever asks. */
  boolean full() {
    return waiting.get() >= limit;
  }

  void leave(String pod) {
    waiting.decrementAndGet();
    perPod.computeIfPresent(pod, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Takes a place for a request that waits for its 503; false when it is to have it at once. */
  boolean enterPause() {
    if (pausing.incrementAndGet() > limit) {
      pausing.decrementAndGet();
      return false;
    }
    return true;
  }

  void leavePause() {
    pausing.decrementAndGet();
  }

  int waiting() {
    return waiting.get();
  }
}
