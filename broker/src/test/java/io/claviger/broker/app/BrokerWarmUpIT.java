package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.ingress.Certificates;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.WarmUp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm-up with its own packages, an event bus, and an STS on loopback. */
final class BrokerWarmUpIT {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, byte[]> map = new ConcurrentHashMap<>();
  private final List<Integer> probed = new CopyOnWriteArrayList<>();
  private Promise<Void> answer = answered();
  private SealingKeys keys;

  @BeforeEach
  void writeKeys() throws Exception {
    Files.writeString(
        directory.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(directory.resolve("active"), "one");
    keys = SealingKeys.open(directory);
    new Certificates(directory).issue("broker");
  }

  private static Promise<Void> answered() {
    Promise<Void> answered = Promise.promise();
    answered.complete();
    return answered;
  }

  private BrokerWarmUp.Surroundings around() {
    return new BrokerWarmUp.Surroundings(
        "this-broker",
        keys,
        new BrokerSettings.KeyPair() {
          @Override
          public Path certificate() {
            return directory.resolve("broker.pem");
          }

          @Override
          public Path key() {
            return directory.resolve("broker.key");
          }
        },
        () -> new StubSessionStore.Values(map::get, map::put),
        turn -> {
          probed.add(turn);
          return answer.future();
        });
  }

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void runsAsManyRoundsAsConfigured() throws Exception {
    try (BrokerWarmUp ways = BrokerWarmUp.open(vertx, around())) {
      for (int i = 0; i < 40; i++) {
        ways.run();
      }
    }
  }

  @Test
  void fillsTheMapUnderItsOwnKeysAndProbesOthersInTurn() throws Exception {
    try (BrokerWarmUp ways = BrokerWarmUp.open(vertx, around())) {
      ways.run();
      ways.run();

      Awaitility.await().until(() -> !map.isEmpty());
      assertThat(map.keySet()).allMatch(key -> key.startsWith("this-broker "));
      assertThat(probed).containsExactly(1, 2);
    }
  }

  @Test
  void doesNotWaitForAPeerThatDoesNotAnswer() throws Exception {
    answer = Promise.promise();
    try (BrokerWarmUp ways = BrokerWarmUp.open(vertx, around())) {
      ways.run();
      ways.run();
      assertThat(probed).containsExactly(1);
      answer.complete();
      ways.run();
      assertThat(probed).containsExactly(1, 3);
    }
  }

  @Test
  void answersNobodyOnceItIsClosed() throws Exception {
    BrokerWarmUp ways = BrokerWarmUp.open(vertx, around());
    ways.run();

    ways.close();

    assertThatThrownBy(ways::run)
        .isInstanceOfSatisfying(
            ReplyException.class,
            e -> assertThat(e.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void measuresNothingButItself() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    WarmUp warmUp = BrokerWarmUp.warmUp(vertx, around(), meters);

    warmUp.start();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(warmUp::over);
    assertThat(meters.getMeters())
        .singleElement()
        .satisfies(
            meter -> assertThat(meter.getId().getName()).isEqualTo("claviger.warm.up.seconds"));
    assertThat(meters.get("claviger.warm.up.seconds").gauge().value()).isBetween(0.001, 7.0);
  }
}
