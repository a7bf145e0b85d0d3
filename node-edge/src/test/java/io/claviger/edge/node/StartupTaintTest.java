package io.claviger.edge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A {@link StartupTaint} ... */
final class StartupTaintTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger tries = new AtomicInteger();
  private Thread thread = new Thread();

  @AfterEach
  void end() {
    thread.interrupt();
  }

  private void start(StartupTaint.Removal removal) {
    thread = new StartupTaint(this::look, removal, SOON, SOON).start();
  }

  private boolean look() {
    looks.incrementAndGet();
    return ready.get();
  }

  @Test
  void staysUntilTheEdgeIsReadyAndIsRemovedOnce() {
    start(() -> tries.incrementAndGet() > 0);
    await().until(() -> looks.get() > 3);
    assertThat(tries).hasValue(0);

    ready.set(true);

    await().until(() -> !thread.isAlive());
    assertThat(tries).hasValue(1);
  }

  @Test
  void isTriedAgainUntilItCouldBeRemoved() {
    ready.set(true);

    start(
        () -> {
          if (tries.incrementAndGet() < 4) {
            throw new IOException("away");
          }
          return true;
        });

    await().until(() -> !thread.isAlive());
    assertThat(tries).hasValue(4);
  }

  @Test
  void thatIsNotThereIsNoFailure() {
    ready.set(true);

    start(
        () -> {
          tries.incrementAndGet();
          return false;
        });

    await().until(() -> !thread.isAlive());
    assertThat(tries).hasValue(1);
  }
}
