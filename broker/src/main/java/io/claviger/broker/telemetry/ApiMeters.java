package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** What is measured of the HTTP API, and every name of it. Thread-safe. */
public final class ApiMeters {

  /**
   * Requests and how long they took, by {@code operation} (of the contract, {@code none} for what
   * is not in it) and {@code result} ({@code ok}, or the error's name); timer.
   */
  public static final String REQUESTS = "claviger.api.requests";

  /** Requests that have no answer yet; gauge. */
  public static final String UNDER_WAY = "claviger.api.requests.under.way";

  /** Certificate reloads by {@code result}: replaced, failed; counter. */
  public static final String CERTIFICATES = "claviger.api.certificates";

  private final MeterRegistry registry;

  /** Meters in a registry. */
  public ApiMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many requests wait. */
  public void underWay(Supplier<Number> underWay) {
    Gauge.builder(UNDER_WAY, underWay).register(registry);
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
