package io.claviger.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** The meters of the admission webhook. Thread-safe. */
public final class AdmissionMeters {

  /**
   * Timer by {@code outcome} (injected, complete, no-association, not-meant, unknown, malformed,
   * refused, busy, failed): reviews of pods, from the request to its answer. {@code complete}: the
   * pod has every setting already. {@code not-meant}: no new pod, a static pod, or a pod that opts
   * out. {@code unknown}: the association table is behind, or objects could not be listed; the
   * failure policy decides. {@code refused}: no review at all, or too large.
   */
  public static final String REVIEWS = "claviger.admission.reviews";

  /** Gauge: reviews without an answer yet. */
  public static final String UNDER_WAY = "claviger.admission.reviews.under.way";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String CERTIFICATES = "claviger.admission.certificates";

  private final MeterRegistry registry;

  /** Creates the meters in a registry. */
  public AdmissionMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers the gauge of waiting reviews. */
  public void underWay(Supplier<Number> underWay) {
    Gauge.builder(UNDER_WAY, underWay).register(registry);
  }

  /** Counts an answer. */
  public void answered(String outcome, Duration took) {
    registry.timer(REVIEWS, "outcome", outcome).record(took);
  }

  /** Counts a reload of the certificate. */
  public void certificate(String result) {
    registry.counter(CERTIFICATES, "result", result).increment();
  }
}
