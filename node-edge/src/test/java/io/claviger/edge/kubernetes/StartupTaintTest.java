package io.claviger.edge.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A {@link StartupTaint} ... */
final class StartupTaintTest {

  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean brokerReached = new AtomicBoolean();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 7);
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicInteger reports = new AtomicInteger();
  private volatile Supplier<Future<Void>> report = Future::succeededFuture;

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void start(Supplier<Future<Boolean>> removal) {
    StartupTaint.Node node =
        new StartupTaint.Node() {
          @Override
          public Future<Boolean> removeTaint() {
            return removal.get();
          }

          @Override
          public Future<Void> reportRemovalWithoutBroker() {
            reports.incrementAndGet();
            return report.get();
          }
        };
    new StartupTaint(
            vertx,
            vertx.getOrCreateContext(),
            this::look,
            brokerReached::get,
            node,
            new StartupTaint.Times(SOON, SOON, TWO_MINUTES),
            now::get)
        .start();
  }

  private boolean look() {
    looks.incrementAndGet();
    return ready.get();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void isLookedAtAgain() {
    int before = looks.get();
    await().until(() -> looks.get() > before + 2);
  }

  /** Waits long enough for a further try. */
  private void isTriedOnly(int times) {
    await().until(() -> tries.get() == times);
    await().during(Duration.ofMillis(50)).until(() -> tries.get() == times);
  }

  @Test
  void staysUntilTheEdgeIsReadyAndIsRemovedOnce() {
    start(() -> Future.succeededFuture(tries.incrementAndGet() > 0));
    isLookedAtAgain();
    assertThat(tries).hasValue(0);

    ready.set(true);

    isTriedOnly(1);
    assertThat(reports).hasValue(0);
  }

  @Test
  void isTriedAgainUntilItCouldBeRemoved() {
    ready.set(true);

    start(
        () ->
            switch (tries.incrementAndGet()) {
              case 1 -> throw new IllegalStateException("amiss");
              case 2, 3 -> Future.failedFuture("away");
              default -> Future.succeededFuture(true);
            });

    isTriedOnly(4);
  }

  @Test
  void thatIsNotThereIsNoFailure() {
    ready.set(true);

    start(() -> Future.succeededFuture(tries.incrementAndGet() < 1));

    isTriedOnly(1);
  }

  @Test
  void isRemovedAndReportedOnceAfterTwoMinutesWithoutABroker() {
    start(() -> Future.succeededFuture(tries.incrementAndGet() > 0));
    pass(TWO_MINUTES.minusNanos(1));
    isLookedAtAgain();
    assertThat(tries).hasValue(0);

    pass(Duration.ofNanos(1));

    isTriedOnly(1);
    assertThat(reports).hasValue(1);
    ready.set(true);
    isTriedOnly(1);
    assertThat(reports).hasValue(1);
  }

  @Test
  void staysPastTwoMinutesWhenABrokerWasReachedAndIsRemovedWithTheEdgeReady() {
    start(() -> Future.succeededFuture(tries.incrementAndGet() > 0));
    pass(TWO_MINUTES.minusSeconds(1));
    brokerReached.set(true);
    pass(TWO_MINUTES);
    isLookedAtAgain();
    assertThat(tries).hasValue(0);

    ready.set(true);

    isTriedOnly(1);
    assertThat(reports).hasValue(0);
  }

  @Test
  void isReportedAfterTheRemovalThatSucceededAlone() {
    start(
        () ->
            tries.incrementAndGet() < 3
                ? Future.failedFuture("away")
                : Future.succeededFuture(true));

    pass(TWO_MINUTES);

    isTriedOnly(3);
    assertThat(reports).hasValue(1);
  }

  @Test
  void isNotReportedWhereTheNodeDoesNotHaveIt() {
    start(() -> Future.succeededFuture(tries.incrementAndGet() < 1));

    pass(TWO_MINUTES);

    isTriedOnly(1);
    assertThat(reports).hasValue(0);
  }

  @Test
  void isNotTriedAgainWhenTheEventIsRefused() {
    report = () -> Future.failedFuture("403");
    start(() -> Future.succeededFuture(tries.incrementAndGet() > 0));

    pass(TWO_MINUTES);

    isTriedOnly(1);
    await().during(Duration.ofMillis(50)).until(() -> reports.get() == 1);
  }
}
