package io.claviger.broker.adapter.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.audit.PodNotices;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.bucket4j.Bucket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Events on the pods of one cluster that have no credentials; {@code kubectl describe pod} shows
 * them. There is one Event per pod and reason, and its count is updated at most every ten minutes.
 * Needs {@code create} and {@code patch} of {@code events}. Thread-safe.
 */
final class PodEvents implements PodNotices {

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration WRITTEN_EVERY = Duration.ofMinutes(10);

  /** API servers delete Events after an hour, and so does this cache. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private static final int MAX_REMEMBERED = 20_000;
  private static final int MAX_UNDER_WAY = 64;
  private static final int PER_SECOND = 10;
  private static final int AT_ONCE = 50;

  private final String cluster;
  private final String broker;
  private final ApiCalls calls;
  private final InstantSource clock;
  private final Ticker ticker;
  private final TokenMeters meters;
  private final Cache<PodEvent.Subject, Reported> reported;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Bucket turns =
      Bucket.builder()
          .addLimit(
              limit -> limit.capacity(AT_ONCE).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
          .build();

  /**
   * Writes Events of a cluster.
   *
   * @param cluster its registered name
   * @param broker this broker's name
   */
  PodEvents(
      Vertx vertx,
      KubernetesClient client,
      String cluster,
      String broker,
      InstantSource clock,
      Ticker ticker,
      TokenMeters meters) {
    this.cluster = cluster;
    this.broker = broker;
    this.calls = new ApiCalls(vertx, client, DEADLINE);
    this.clock = clock;
    this.ticker = ticker;
    this.meters = meters;
    this.reported =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public void refused(WorkloadIdentity pod, RefusalReason reason, String message) {
    if (pod.cluster().equals(cluster)) {
      warn(pod, camelCase(reason), "no AWS credentials for this pod: " + message);
    }
  }

  /** Writes a warning, unless an equal one was written recently. */
  void warn(WorkloadIdentity pod, String reason, String message) {
    PodEvent.Subject subject = new PodEvent.Subject(pod.podUid(), reason);
    Reported known = reported.get(subject, absent -> new Reported());
    int count = known.times.incrementAndGet();
    if (!known.due(ticker.read())) {
      meters.podEvent(cluster, "repeated");
    } else if (mayWrite()) {
      var unused = write(new PodEvent(pod, reason, message, broker, count, clock.instant()), known);
    } else {
      known.notWritten();
      meters.podEvent(cluster, "dropped");
    }
  }

  private static String camelCase(RefusalReason reason) {
    return switch (reason) {
      case NO_ASSOCIATION -> "NoAssociation";
      case NOT_GRANTED -> "RoleNotPermitted";
      case ROLE_REVOKED -> "RoleRevoked";
      case POD_REVOKED -> "PodRevoked";
      case ROLE_DENIED -> "RoleRefused";
      case ROLE_MISCONFIGURED -> "RoleMisconfigured";
      case INVALID_TOKEN, EXPIRED_TOKEN, PREMATURE_TOKEN, WRONG_AUDIENCE, WRONG_NODE ->
          "TokenRefused";
    };
  }

  private boolean mayWrite() {
    if (underWay.get() < MAX_UNDER_WAY && turns.tryConsume(1)) {
      underWay.incrementAndGet();
      return true;
    }
    return false;
  }

  private Future<ApiCalls.Answer> write(PodEvent event, Reported known) {
    return calls
        .post(event.path(), event.created())
        .compose(
            // The Event exists already: from an hour ago, or from another broker.
            answer ->
                answer.status() == 409
                    ? calls.patch(event.path() + "/" + event.name(), event.counted())
                    : Future.succeededFuture(answer))
        .onComplete(
            written -> {
              underWay.decrementAndGet();
              boolean taken = written.succeeded() && written.result().status() / 100 == 2;
              meters.podEvent(cluster, taken ? "written" : "failed");
              // A rejected Event is not sent again with every request.
            });
  }

  /** How often a warning was due for a pod and a reason, and when it was last written. */
  private static final class Reported {
    private final AtomicInteger times = new AtomicInteger();
    private long writtenAt;
    private boolean written;

    /** Returns whether it must be written now, and then marks it as written. */
    synchronized boolean due(long now) {
      if (written && now - writtenAt < WRITTEN_EVERY.toNanos()) {
        return false;
      }
      written = true;
      writtenAt = now;
      return true;
    }

    synchronized void notWritten() {
      written = false;
    }
  }
}
