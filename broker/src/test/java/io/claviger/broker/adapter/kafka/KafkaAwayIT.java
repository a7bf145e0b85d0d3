package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.AssociationCommands.UndecidedException;
import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.Position;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A separate Kafka that stops and starts. */
@Timeout(120)
final class KafkaAwayIT {

  @TempDir private Path directory;
  private final String cluster = Asked.newCluster();
  private final int brokerPort = RunningKafka.freePort();
  private final int controllerPort = RunningKafka.freePort();
  private final String bootstrapServers = "127.0.0.1:" + brokerPort;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void closeVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void membersStartBeforeKafkaDoesAndGoOnWhenItComesBack() {
    CommandSender early =
        new CommandSender(
            vertx, new KafkaClients(bootstrapServers, "early", Map.of()), Duration.ofSeconds(60));
    early.start();
    CompletableFuture<AssociationOutcome> asked =
        early.send(Asked.create(cluster, "cart")).toCompletableFuture();
    try (LogMember member =
        LogMember.start(bootstrapServers, "member", cluster, LogMember.Options.USUAL)) {
      assertThat(find(member, "cart")).isEqualTo(new Lookup.Behind(Position.NONE));

      RunningKafka kafka = startKafka();
      Association created = ((Accepted) asked.join().result()).association();
      eventually().until(() -> member.table().caughtUp() && member.reader().up());
      assertThat(find(member, "cart"))
          .isInstanceOfSatisfying(
              Lookup.Found.class, found -> assertThat(found.association()).isEqualTo(created));

      kafka.close();
      eventually().until(() -> !member.reader().up());
      double skipped = member.meter(LogMeters.BARRIER_SKIPS);
      assertThat(find(member, "cart")).isInstanceOf(Lookup.Found.class);
      assertThat(find(member, "none")).isInstanceOf(Lookup.Absent.class);
      assertThat(member.meter(LogMeters.BARRIER_SKIPS)).isEqualTo(skipped + 1);

      try (RunningKafka again = startKafka()) {
        eventually().until(() -> member.reader().up());
        assertThat(again.bootstrapServers()).isEqualTo(bootstrapServers);
        assertThat(member.decided(Asked.create(cluster, "orders")).position().sequence())
            .isEqualTo(2);
        eventually().until(() -> find(member, "orders") instanceof Lookup.Found);
        close(early);
      }
    }
  }

  @Test
  void saysThatNothingWasDecidedWhenKafkaDoesNotComeInTime() {
    CommandSender sender =
        new CommandSender(
            vertx, new KafkaClients(bootstrapServers, "slow", Map.of()), Duration.ofMillis(300));
    sender.start();

    CompletableFuture<AssociationOutcome> asked =
        sender.send(Asked.create(cluster, "cart")).toCompletableFuture();

    assertThat(asked)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UndecidedException.class)
        .withMessage("no outcome within 300 ms");
    close(sender);
  }

  @Test
  void saysThatNothingWasDecidedWhenItIsClosed() {
    CommandSender sender =
        new CommandSender(
            vertx, new KafkaClients(bootstrapServers, "closed", Map.of()), Duration.ofMinutes(5));
    sender.start();
    CompletableFuture<AssociationOutcome> asked =
        sender.send(Asked.create(cluster, "cart")).toCompletableFuture();

    close(sender);

    assertThat(asked)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UndecidedException.class)
        .withMessage("the sender is closing");
    assertThat(sender.send(Asked.create(cluster, "late")).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UndecidedException.class);
  }

  private RunningKafka startKafka() {
    return RunningKafka.embedded(directory, brokerPort, controllerPort);
  }

  private Lookup find(LogMember member, String serviceAccount) {
    return member
        .associations()
        .find(new AssociationKey(cluster, Asked.NAMESPACE, serviceAccount), Position.NONE)
        .toCompletableFuture()
        .join();
  }

  private static void close(CommandSender sender) {
    sender.close().toCompletionStage().toCompletableFuture().join();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(40));
  }
}
