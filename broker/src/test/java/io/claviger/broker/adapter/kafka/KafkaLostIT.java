package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.TableSnapshot;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Kafka that returns without its data. */
@Timeout(180)
final class KafkaLostIT {

  @TempDir private Path directory;
  private final String cluster = Asked.newCluster();
  private final int brokerPort = RunningKafka.freePort();
  private final int controllerPort = RunningKafka.freePort();
  private final String bootstrapServers = "127.0.0.1:" + brokerPort;

  @ParameterizedTest
  @EnumSource(GroupProtocol.class)
  void getsWhatItHasLostFromWhoWritesIt(GroupProtocol protocol) {
    RunningKafka kafka = startKafkaIn("kafka");
    try (LogMember member = member("member", LogMember.Options.of(protocol));
        LogMember other = member("other", LogMember.Options.of(protocol))) {
      Position before = createThree(member);
      eventually().until(() -> other.table().position(cluster).equals(before));
      kafka.close();
      eventually().until(() -> !member.reader().up());

      try (RunningKafka empty = startKafkaIn("empty")) {
        assertThat(empty.bootstrapServers()).isEqualTo(bootstrapServers);
        eventually().until(() -> writtenAgain(member) + writtenAgain(other) == 4);
        Position after = member.decided(Asked.create(cluster, "late")).position();

        assertThat(after.epoch()).isGreaterThan(before.epoch());
        for (LogMember one : List.of(member, other)) {
          eventually().until(() -> one.table().position(cluster).equals(after));
          assertHasAllAndOneMore(one);
        }
        try (LogMember fresh = member("fresh", LogMember.Options.of(protocol))) {
          eventually().until(() -> fresh.table().caughtUp());
          assertThat(fresh.table().inCluster(cluster))
              .containsExactlyElementsOf(member.table().inCluster(cluster));
        }
      }
    }
  }

  /** Kafka's node also ran a broker: the broker that starts with it writes first. */
  @Test
  void getsWhatItHasLostFromBrokersThatDoNotWriteIt() {
    RunningKafka kafka = startKafkaIn("kafka");
    try (LogMember member = member("member", LogMember.Options.USUAL)) {
      createThree(member);
      kafka.close();
      member.stopWriting();

      try (RunningKafka empty = startKafkaIn("empty");
          LogMember fresh =
              member("fresh", LogMember.Options.USUAL.with(member.knownTables(cluster)))) {
        assertThat(empty.bootstrapServers()).isEqualTo(bootstrapServers);
        eventually().until(() -> writtenAgain(fresh) == 4);
        Position after = fresh.decided(Asked.create(cluster, "late")).position();

        for (LogMember one : List.of(member, fresh)) {
          eventually().until(() -> one.table().position(cluster).equals(after));
          assertHasAllAndOneMore(one);
        }
      }
    }
  }

  /** These commands may have been decided: an earlier one could lift a later revocation. */
  @Test
  void hasNoCommandDecidedThatLiesThereFromBefore() {
    TableSnapshot one = tableOf(1);
    try (RunningKafka kafka = startKafkaIn("kafka");
        LogMember before = member("before", LogMember.Options.USUAL)) {
      eventually().until(() -> before.reader().up());
      before.stopWriting();
      CompletableFuture<AssociationOutcome> asked = before.send(Asked.create(cluster, "old"));
      eventually().until(() -> !LogDump.written(kafka, Topics.COMMANDS, cluster).isEmpty());

      try (LogMember after =
          member("after", LogMember.Options.USUAL.with((log, inLog) -> List.of(one)))) {
        eventually().until(() -> writtenAgain(after) == 2);
        Position last = after.decided(Asked.create(cluster, "late")).position();

        eventually().until(() -> after.table().position(cluster).equals(last));
        assertThat(after.table().inCluster(cluster))
            .extracting(association -> association.spec().serviceAccount())
            .containsExactlyInAnyOrder("late", "sa-1");
        assertThat(asked).isNotDone();
      }
    }
  }

  @Test
  void getsTensOfThousandsInOneTransaction() {
    TableSnapshot many = tableOf(20_000);
    try (RunningKafka empty = startKafkaIn("empty");
        LogMember fresh =
            member("fresh", LogMember.Options.USUAL.with((log, inLog) -> List.of(many)))) {
      assertThat(empty.bootstrapServers()).isEqualTo(bootstrapServers);

      eventually().until(() -> fresh.table().inCluster(cluster).size() == 20_000);
      assertThat(writtenAgain(fresh)).isEqualTo(20_001);
    }
  }

  private TableSnapshot tableOf(int associations) {
    AssociationTable table = new AssociationTable(1);
    for (int i = 1; i <= associations; i++) {
      Association one =
          new Association(
              "a-" + i,
              cluster,
              Asked.spec("sa-" + i, "role"),
              Asked.ACTOR,
              1,
              Instant.EPOCH,
              Instant.EPOCH);
      table.apply(
          0, new LogEntry.Changed(AssociationChange.of(one, new Position(1, i), Asked.ACTOR)));
    }
    return table.snapshot();
  }

  private Position createThree(LogMember member) {
    member.accepted(Asked.create(cluster, "cart"));
    member.accepted(Asked.create(cluster, "orders"));
    Position last = member.decided(Asked.create(cluster, "bills")).position();
    eventually().until(() -> member.table().position(cluster).equals(last));
    return last;
  }

  private void assertHasAllAndOneMore(LogMember member) {
    assertThat(member.table().inCluster(cluster))
        .extracting(association -> association.spec().serviceAccount())
        .containsExactlyInAnyOrder("bills", "cart", "late", "orders");
  }

  private static double writtenAgain(LogMember member) {
    return member.meter(LogMeters.WRITTEN_AGAIN);
  }

  private LogMember member(String name, LogMember.Options options) {
    return LogMember.start(bootstrapServers, name, cluster, options);
  }

  private RunningKafka startKafkaIn(String data) {
    return RunningKafka.embedded(directory.resolve(data), brokerPort, controllerPort);
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
