package io.claviger.edge.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A {@link StartupTaint} ... */
final class StartupTaintTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger tries = new AtomicInteger();

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void start(Supplier<Future<Boolean>> removal) {
    new StartupTaint(vertx, vertx.getOrCreateContext(), this::look, removal, SOON, SOON).start();
  }

  private boolean look() {
    looks.incrementAndGet();
    return ready.get();
  }

  /** It would have been tried again within this time. */
  private void isTriedOnly(int times) {
    await().until(() -> tries.get() == times);
    await().during(Duration.ofMillis(50)).until(() -> tries.get() == times);
  }

  @Test
  void staysUntilTheEdgeIsReadyAndIsRemovedOnce() {
    start(() -> Future.succeededFuture(tries.incrementAndGet() > 0));
    await().until(() -> looks.get() > 3);
    assertThat(tries).hasValue(0);

    ready.set(true);

    isTriedOnly(1);
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
}
