package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** What is measured of the HTTP API, and every name of it. Thread-safe. */
public final class ApiMeters {

  /**
   * Timer by {@code operation} and {@code result}: requests; the operation is one of the contract,
   * {@code none} for what is not in it; the result is {@code ok}, or the error's name.
   */
  public static final String REQUESTS = "claviger.api.requests";

  /** Gauge: requests that have no answer yet. */
  public static final String UNDER_WAY = "claviger.api.requests.under.way";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String CERTIFICATES = "claviger.api.certificates";

  /** Gauge: watches that are open. */
  public static final String WATCHERS = "claviger.api.watchers";

  /** Counter: events written to watchers. */
  public static final String WATCH_EVENTS = "claviger.api.watch.events";

  /**
   * Counter by {@code reason} (client, life, slow, history, not-granted, shutdown): watches that
   * are over: the client has gone, an hour is over, the client did not read, the log had a gap or
   * more has changed than is kept, the key lost its grants, the broker stops.
   */
  public static final String WATCHES_ENDED = "claviger.api.watches.ended";

  private final MeterRegistry registry;

  /** Meters in a registry. */
  public ApiMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many requests wait. */
  public void underWay(Supplier<Number> underWay) {
    Gauge.builder(UNDER_WAY, underWay).register(registry);
  }

  /** Shows how many watches are open. */
  public void watchers(Supplier<Number> open) {
    Gauge.builder(WATCHERS, open).register(registry);
  }

  /** Counts an event of a watch. */
  public void watchEvent() {
    registry.counter(WATCH_EVENTS).increment();
  }

  /** Counts the end of a watch. */
  public void watchEnded(String reason) {
    registry.counter(WATCHES_ENDED, "reason", reason).increment();
  }

  /** Counts an answer. */
  public void answered(String operation, String result, Duration took) {
    registry.timer(REQUESTS, "operation", operation, "result", result).record(took);
  }

  /** Counts a reload of the certificate. */
  public void certificate(String result) {
    registry.counter(CERTIFICATES, "result", result).increment();
  }
}
