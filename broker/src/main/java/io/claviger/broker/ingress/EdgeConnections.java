package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of this broker, of all bridges. Thread-safe. */
public final class EdgeConnections {

  private final int maximum;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, Set<EdgeConnection>> byCluster = new ConcurrentHashMap<>();

  /** No connections yet; at most {@code maximum} at once. */
  public EdgeConnections(int maximum, IngressMeters meters) {
    this.maximum = maximum;
    meters.connections(open::get);
  }

  /** How many are open, logged in or not. */
  public int open() {
    return open.get();
  }

  /**
   * Writes a frame to every connection of a cluster that has registered the address. Frames of one
   * caller reach a connection in the order of the calls. Any thread.
   */
  void push(String cluster, String address, Buffer frame) {
    byCluster.getOrDefault(cluster, Set.of()).forEach(edge -> edge.push(address, frame));
  }

  boolean admit() {
    if (open.incrementAndGet() > maximum) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  void loggedIn(String cluster, EdgeConnection edge) {
    byCluster.computeIfAbsent(cluster, name -> ConcurrentHashMap.newKeySet()).add(edge);
  }

  void closed(EdgeConnection edge) {
    open.decrementAndGet();
    byCluster.values().forEach(edges -> edges.remove(edge));
  }
}
