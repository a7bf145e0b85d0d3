package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** The meters of the edges' connections. Thread-safe. */
public final class IngressMeters {

  /** Gauge: open connections, without those that are being closed to admit others. */
  public static final String CONNECTIONS = "claviger.ingress.connections";

  /** Counter: connections rejected because there are too many. */
  public static final String CONNECTIONS_REFUSED = "claviger.ingress.connections.refused";

  /** Counter by {@code result} (accepted, rejected, overdue): logins. */
  public static final String LOGINS = "claviger.ingress.logins";

  /**
   * Counter by {@code reason} (broken, not_logged_in, unknown_type, not_permitted,
   * no_reply_address, too_many, stopping, expired): frames that were answered with an error or
   * closed the connection.
   */
  public static final String FRAMES_REFUSED = "claviger.ingress.frames.refused";

  /** Counter: connections closed because the edge did not read. */
  public static final String SLOW_EDGES = "claviger.ingress.slow.edges";

  /** Gauge: credential requests that wait for an answer. */
  public static final String REQUESTS_UNDER_WAY = "claviger.ingress.requests.under.way";

  /**
   * Counter by {@code result} (issued, refused, unavailable, malformed, late): credential requests.
   * {@code late}: the edge had stopped waiting before its turn came.
   */
  public static final String REQUESTS = "claviger.ingress.requests";

  /**
   * Counter by {@code result} (synced, behind, malformed): reports of edges about what they cache.
   */
  public static final String SYNCS = "claviger.ingress.syncs";

  /**
   * Counter by {@code result} (taken, later, malformed): reports of edges about events on their
   * nodes. {@code later}: there was no room for all events.
   */
  public static final String NODE_EVENTS = "claviger.ingress.node.events";

  /** Gauge: service accounts to whose changes connections subscribe, over all connections. */
  public static final String SUBSCRIPTIONS = "claviger.ingress.subscriptions";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String CERTIFICATES = "claviger.ingress.certificates";

  /**
   * Gauge in seconds by {@code cluster}: time since the issuer's keys were fetched; NaN before the
   * first fetch.
   */
  public static final String KEY_SET_AGE = "claviger.issuer.keys.age";

  /**
   * Counter by {@code cluster} and {@code result} (changed, unchanged, failed): fetches of an
   * issuer's keys.
   */
  public static final String KEY_FETCHES = "claviger.issuer.keys.fetches";

  private final MeterRegistry registry;

  /** Creates the meters in a registry. */
  public IngressMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers the gauge of open connections. */
  public void connections(Supplier<Number> open) {
    Gauge.builder(CONNECTIONS, open).register(registry);
  }

  /** Registers the gauge of subscribed service accounts over all connections. */
  public void subscriptions(Supplier<Number> subscriptions) {
    Gauge.builder(SUBSCRIPTIONS, subscriptions).register(registry);
  }

  /** Counts a report of what an edge caches. */
  public void sync(String result) {
    count(SYNCS, "result", result);
  }

  /** Counts a report of events on an edge's node. */
  public void nodeEvents(String result) {
    count(NODE_EVENTS, "result", result);
  }

  /** Registers the gauge of waiting requests. */
  public void requestsUnderWay(Supplier<Number> underWay) {
    Gauge.builder(REQUESTS_UNDER_WAY, underWay).register(registry);
  }

  /** Registers the gauge of the age of a cluster's keys, in seconds. */
  public void keySetAge(String cluster, Supplier<Number> seconds) {
    Gauge.builder(KEY_SET_AGE, seconds)
        .tag("cluster", cluster)
        .baseUnit("seconds")
        .register(registry);
  }

  /** Counts a connection rejected at the limit. */
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

  /** Counts a connection closed because the edge did not read. */
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
