package io.claviger.edge.ingress;

import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.Shares;
import io.vertx.core.http.HttpConnection;

/**
 * The limits of the listeners.
 *
 * @param requests that may wait for a broker; as many connections may be open, half of them from
 *     one address
 * @param requestsPerPod of the requests
 * @param workloads whose rendered answers are cached
 */
public record IngressLimits(int requests, int requestsPerPod, int workloads) {

  /** Any heap has room for this many. */
  private static final int FEWEST = 64;

  private static final int UNPROVEN = 8;

  /** Returns the limit of requests that wait for a broker, by pod. */
  Shares waiting() {
    return new Shares(requests, requestsPerPod);
  }

  /**
   * Returns the limit of requests whose token this edge cannot verify because it lacks the key, by
   * address. They are rare. The edge must send a broker the whole token, which any client can make
   * up and which may be 16 KB long.
   */
  Shares unproven() {
    return Shares.halves(Math.max(1, requests / UNPROVEN));
  }

  /**
   * Returns the limit of accepted connections. The total is twice the number, because a closed
   * connection releases its place after the one that replaces it was accepted.
   */
  Shares connections() {
    return new Shares(2L * requests, Math.max(requestsPerPod, requests / 2));
  }

  /**
   * Returns how many connections a process with this heap accepts at once. Of the heap, 20 MB are
   * for caches and 4 MB for tokens that brokers verify. Each connection takes 40 KB, which includes
   * a head of 16 KB as bytes and as text.
   */
  public int connectionsWithin(long heapBytes) {
    long bearable = (heapBytes - (24L << 20)) / (40L << 10);
    return (int) Math.clamp(bearable, Math.min(FEWEST, requests), requests);
  }

  /**
   * Returns the open connections: beyond half of the limit, a busy address loses some. The gate
   * enforces the limit. On late event loops the gate sees a close first, so more connections seem
   * open than are; none is closed for that.
   */
  OpenConnections<HttpConnection> openWithin(long heapBytes) {
    int connections = connectionsWithin(heapBytes);
    return new OpenConnections<>(Math.max(1, connections / 2), 2 * connections);
  }
}
