package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** What is measured where edges come in, and every name of it. Thread-safe. */
public final class IngressMeters {

  /** Connections that are open; gauge. */
  public static final String CONNECTIONS = "claviger.ingress.connections";

  /** Connections turned away because there are too many; counter. */
  public static final String CONNECTIONS_REFUSED = "claviger.ingress.connections.refused";

  /** Logins by {@code result}: accepted, rejected, overdue; counter. */
  public static final String LOGINS = "claviger.ingress.logins";

  /**
   * Frames that were answered with an error or broke the connection, by {@code reason}; counter.
   */
  public static final String FRAMES_REFUSED = "claviger.ingress.frames.refused";

  /** Connections cut off because the edge did not read; counter. */
  public static final String SLOW_EDGES = "claviger.ingress.slow.edges";

  /** Credential requests that wait for their answer; gauge. */
  public static final String REQUESTS_UNDER_WAY = "claviger.ingress.requests.under.way";

  /** Credential requests by {@code result}: issued, refused, unavailable, malformed; counter. */
  public static final String REQUESTS = "claviger.ingress.requests";

  /** Edges telling what they hold, by {@code result}: synced, behind, malformed; counter. */
  public static final String SYNCS = "claviger.ingress.syncs";

  /**
   * Edges telling what happened on their nodes, by {@code result}: taken, later (there was no room
   * for all of it), malformed; counter.
   */
  public static final String NODE_EVENTS = "claviger.ingress.node.events";

  /** Service accounts whose changes some connection is told of, of all connections; gauge. */
  public static final String INTERESTS = "claviger.ingress.interests";

  /** Certificate reloads by {@code result}: replaced, failed; counter. */
  public static final String CERTIFICATES = "claviger.ingress.certificates";

  /** Seconds since the issuer's keys were fetched, by {@code cluster}; gauge, NaN when never. */
  public static final String KEY_SET_AGE = "claviger.issuer.keys.age";

  /** Fetches of an issuer's keys by {@code cluster} and {@code result}; counter. */
  public static final String KEY_FETCHES = "claviger.issuer.keys.fetches";

  private final MeterRegistry registry;

  /** Meters in a registry. */
  public IngressMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many connections are open. */
  public void connections(Supplier<Number> open) {
    Gauge.builder(CONNECTIONS, open).register(registry);
  }

  /** Shows how many service accounts all connections together are told of. */
  public void interests(Supplier<Number> interests) {
    Gauge.builder(INTERESTS, interests).register(registry);
  }

  /** Counts an edge's telling what it holds. */
  public void sync(String result) {
    count(SYNCS, "result", result);
  }

  /** Counts an edge's telling what happened on its node. */
  public void nodeEvents(String result) {
    count(NODE_EVENTS, "result", result);
  }

  /** Shows how many requests wait. */
  public void requestsUnderWay(Supplier<Number> underWay) {
    Gauge.builder(REQUESTS_UNDER_WAY, underWay).register(registry);
  }

  /** Shows how old a cluster's keys are, in seconds. */
  public void keySetAge(String cluster, Supplier<Number> seconds) {
    Gauge.builder(KEY_SET_AGE, seconds)
        .tag("cluster", cluster)
        .baseUnit("seconds")
        .register(registry);
  }

  /** Counts a connection that was one too many. */
  public void connectionRefused() {
    registry.counter(CONNECTIONS_REFUSED).increment();
  }

  /** Counts a login. */
  public void login(String result) {
    count(LOGINS, "result", result);
  }

  /** Counts a refused frame. */
  public void frameRefused(String reason) {
    count(FRAMES_REFUSED, "reason", reason);
  }

  /** Counts an edge that was cut off. */
  public void slowEdge() {
    registry.counter(SLOW_EDGES).increment();
  }

  /** Counts an answered credential request. */
  public void request(String result) {
    count(REQUESTS, "result", result);
  }

  /** Counts a reload of the certificate. */
  public void certificate(String result) {
    count(CERTIFICATES, "result", result);
  }

  /** Counts a fetch of keys. */
  public void keyFetch(String cluster, String result) {
    registry.counter(KEY_FETCHES, Tags.of("cluster", cluster, "result", result)).increment();
  }

  private void count(String name, String tag, String value) {
    Counter.builder(name).tag(tag, value).register(registry).increment();
  }
}
