package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** The meters of the HTTP API. Thread-safe. */
public final class ApiMeters {

  /**
   * Timer by {@code operation} and {@code result}: requests. The operation is one of the contract,
   * or {@code none} for any other. The result is {@code ok}, or the error's name.
   */
  public static final String REQUESTS = "claviger.api.requests";

  /** Gauge: requests without an answer yet. */
  public static final String UNDER_WAY = "claviger.api.requests.under.way";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String CERTIFICATES = "claviger.api.certificates";

  /** Gauge: open watches. */
  public static final String WATCHERS = "claviger.api.watchers";

  /** Counter: events written to watchers. */
  public static final String WATCH_EVENTS = "claviger.api.watch.events";

  /**
   * Counter by {@code reason} (client, life, slow, history, not-granted, shutdown): ended watches.
   * {@code client}: the client closed it. {@code life}: it lasted an hour. {@code slow}: the client
   * did not read. {@code history}: the log had a gap, or the history was too short. {@code
   * not-granted}: the key lost its grants. {@code shutdown}: the broker stopped.
   */
  public static final String WATCHES_ENDED = "claviger.api.watches.ended";

  private final MeterRegistry registry;

  /** Creates the meters in a registry. */
  public ApiMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers the gauge of waiting requests. */
  public void underWay(Supplier<Number> underWay) {
    Gauge.builder(UNDER_WAY, underWay).register(registry);
  }

  /** Registers the gauge of open watches. */
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
