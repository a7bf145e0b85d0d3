package io.claviger.edge.ingress;

/**
 * How much is let in.
 *
 * @param requests that may wait for a broker; as many connections may be open, half of them from
 *     one address
 * @param requestsPerPod of the requests
 * @param workloads whose answers are kept rendered
 */
public record IngressLimits(int requests, int requestsPerPod, int workloads) {

  /** Some can be answered with any heap. */
  private static final int FEWEST = 64;

  RequestLimits waiting() {
    return new RequestLimits(requests, requestsPerPod);
  }

  /**
   * For those that were let in. Twice as many in all: one that is closed leaves its place later
   * than another one is let in for it.
   */
  RequestLimits connections() {
    return new RequestLimits(2 * requests, Math.max(requestsPerPod, requests / 2));
  }

  /**
   * How many connections are let in at once by a process with so much heap, of which 20 MB are for
   * what it holds: as many as may be open, but each takes 20 KB with what is asked on it.
   */
  public int connectionsWithin(long heapBytes) {
    long bearable = (heapBytes - (20L << 20)) / (20L << 10);
    return (int) Math.clamp(bearable, Math.min(FEWEST, requests), requests);
  }
}
