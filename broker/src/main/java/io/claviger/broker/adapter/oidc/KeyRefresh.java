package io.claviger.broker.adapter.oidc;

import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.KeyFetch;
import io.claviger.broker.identity.KeyListener;
import io.claviger.broker.telemetry.IngressMeters;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches every issuer's keys at the start and then at its interval, plus or minus a tenth; sooner
 * after a failure. Measures every fetch, also those for an unknown key id. Logs when fetches start
 * to fail and when they succeed again.
 */
public final class KeyRefresh extends VerticleBase implements KeyListener {

  private static final Logger LOG = LoggerFactory.getLogger(KeyRefresh.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final double JITTER = 0.1;

  private final Map<IssuerKeys, Duration> intervals;
  private final IngressMeters meters;
  private final RandomGenerator random;
  private final Set<IssuerKeys> failing = ConcurrentHashMap.newKeySet();

  /**
   * Creates a refresh; deploy it once.
   *
   * @param intervals between fetches, by issuer
   * @param random spreads the fetches
   */
  public KeyRefresh(
      Map<IssuerKeys, Duration> intervals, IngressMeters meters, RandomGenerator random) {
    this.intervals = Map.copyOf(intervals);
    this.meters = meters;
    this.random = random;
  }

  /** Starts to fetch; does not wait for the results. */
  @Override
  public Future<?> start() {
    intervals.forEach(
        (issuer, interval) -> {
          meters.keySetAge(
              issuer.cluster().name(),
              () -> issuer.age().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN));
          issuer.listen(this);
          refresh(issuer, interval);
        });
    return Future.succeededFuture();
  }

  @Override
  public void fetched(IssuerKeys issuer, KeyFetch outcome) {
    String cluster = issuer.cluster().name();
    switch (outcome) {
      case KeyFetch.Changed changed -> {
        meters.keyFetch(cluster, "changed");
        LOG.atInfo()
            .addKeyValue("cluster", cluster)
            .addKeyValue("keys", changed.keys().keys().keyIds().size())
            .log("issuer's keys changed");
      }
      case KeyFetch.Unchanged unchanged -> meters.keyFetch(cluster, "unchanged");
      case KeyFetch.Failed failed -> meters.keyFetch(cluster, "failed");
    }
    logTransition(issuer, outcome);
  }

  private void logTransition(IssuerKeys issuer, KeyFetch outcome) {
    if (outcome instanceof KeyFetch.Failed failed) {
      if (failing.add(issuer)) {
        LOG.atWarn()
            .addKeyValue("cluster", issuer.cluster().name())
            .addKeyValue("reason", failed.message())
            .log("issuer's keys cannot be fetched; the last good set stays");
      }
    } else if (failing.remove(issuer)) {
      LOG.atInfo()
          .addKeyValue("cluster", issuer.cluster().name())
          .log("issuer's keys can be fetched again");
    }
  }

  private void refresh(IssuerKeys issuer, Duration interval) {
    Future.fromCompletionStage(issuer.refresh(), context)
        .onComplete(
            outcome -> {
              boolean failed = outcome.result() instanceof KeyFetch.Failed;
              Duration pause =
                  failed && AFTER_FAILURE.compareTo(interval) < 0 ? AFTER_FAILURE : interval;
              vertx.setTimer(jittered(pause), timer -> refresh(issuer, interval));
            });
  }

  private long jittered(Duration pause) {
    double factor = random.nextDouble(1 - JITTER, 1 + JITTER);
    return Math.max(1, Math.round(pause.toMillis() * factor));
  }
}
