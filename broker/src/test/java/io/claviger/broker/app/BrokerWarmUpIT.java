package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.WarmUp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm-up's own rooms, on an event bus and an STS on loopback. */
final class BrokerWarmUpIT {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private SealingKeys keys;

  @BeforeEach
  void writeKeys() throws Exception {
    Files.writeString(
        directory.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(directory.resolve("active"), "one");
    keys = SealingKeys.open(directory);
  }

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void runsAsManyRoundsAsItIsTold() throws Exception {
    try (BrokerWarmUp ways = BrokerWarmUp.open(vertx, keys)) {
      for (int i = 0; i < 40; i++) {
        ways.run();
      }
    }
  }

  @Test
  void answersNobodyOnceItIsClosed() throws Exception {
    BrokerWarmUp ways = BrokerWarmUp.open(vertx, keys);
    ways.run();

    ways.close();

    assertThatThrownBy(ways::run)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ReplyException.class,
            e -> assertThat(e.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void measuresNothingButItself() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    WarmUp warmUp = BrokerWarmUp.warmUp(vertx, keys, meters);

    warmUp.start();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(warmUp::over);
    assertThat(meters.getMeters())
        .singleElement()
        .satisfies(
            meter -> assertThat(meter.getId().getName()).isEqualTo("claviger.warm.up.seconds"));
    assertThat(meters.get("claviger.warm.up.seconds").gauge().value()).isBetween(0.001, 7.0);
  }
}
