package io.claviger.edge.ingress;

import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.Shares;
import io.vertx.core.http.HttpConnection;

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

  private static final int UNPROVEN = 8;

  /** Those that wait for a broker, by pod. */
  Shares waiting() {
    return new Shares(requests, requestsPerPod);
  }

  /**
   * Of which the token could not be verified here, as its key is not known: rare, and a broker has
   * to be sent all of a token that anybody can have made up, 16 KB long. By address.
   */
  Shares unproven() {
    return Shares.halves(Math.max(1, requests / UNPROVEN));
  }

  /**
   * For those that were let in. Twice as many in all: one that is closed leaves its place later
   * than another one is let in for it.
   */
  Shares connections() {
    return new Shares(2L * requests, Math.max(requestsPerPod, requests / 2));
  }

  /**
   * How many connections are let in at once by a process with so much heap, of which 20 MB are for
   * what it caches and 4 MB for tokens that brokers are asked about: as many as may be open, but
   * each takes 40 KB, a head of 16 KB as bytes and as text among them.
   */
  public int connectionsWithin(long heapBytes) {
    long bearable = (heapBytes - (24L << 20)) / (40L << 10);
    return (int) Math.clamp(bearable, Math.min(FEWEST, requests), requests);
  }

  /**
   * Those that are open: from half of all on, a busy address loses some. The bound of all is the
   * gate's. Where event loops are behind, it hears of an end first, and there seem to be more than
   * there are: nobody is closed for that.
   */
  OpenConnections<HttpConnection> openWithin(long heapBytes) {
    int connections = connectionsWithin(heapBytes);
    return new OpenConnections<>(Math.max(1, connections / 2), 2 * connections);
  }
}
