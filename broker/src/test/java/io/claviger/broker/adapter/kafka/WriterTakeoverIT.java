package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(KafkaFixture.class)
@Timeout(90)
final class WriterTakeoverIT {

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();

  WriterTakeoverIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @Test
  void goesOnWhereTheFormerWriterEnded() {
    try (LogMember first = LogMember.start(kafka, "first", cluster);
        LogMember second = LogMember.start(kafka, "second", cluster)) {
      Accepted before = first.accepted(Asked.create(cluster, "cart"));

      first.closeWriter();

      assertThat(second.refused(Asked.create(cluster, "cart")).message())
          .isEqualTo("Association already exists: " + before.association().id());
      assertThat(second.decided(Asked.create(cluster, "orders")).position().sequence())
          .isEqualTo(2);
    }
  }

  @Test
  void isOfTheClusterThatTheFormerWriterHasBoundItTo() {
    try (LogMember first = LogMember.start(kafka, "first", cluster);
        LogMember second = LogMember.start(kafka, "second", cluster)) {
      first.decided(Asked.command(cluster, new AssociationCommand.Bind("uid-1", false)));
      first.accepted(Asked.create(cluster, "cart"));

      first.closeWriter();

      assertThat(
              second
                  .refused(Asked.command(cluster, new AssociationCommand.Bind("uid-2", false)))
                  .message())
          .contains("uid-1");
    }
  }

  @Test
  void decidesEveryCommandOnceWhileWritersComeAndGo() {
    try (LogMember asking = LogMember.start(kafka, "asking", cluster)) {
      List<CompletableFuture<AssociationOutcome>> asked = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        try (LogMember passing = LogMember.start(kafka, "passing-" + round, cluster)) {
          for (int i = 0; i < 200; i++) {
            asked.add(asking.send(Asked.create(cluster, "sa-" + round + "-" + i)));
          }
          eventually().until(() -> passing.meter(LogMeters.WRITER_PARTITIONS) > 0);
          for (int i = 0; i < 200; i++) {
            asked.add(asking.send(Asked.create(cluster, "late-" + round + "-" + i)));
          }
        }
      }

      assertThat(asked)
          .allSatisfy(one -> assertThat(one.join().result()).isInstanceOf(Accepted.class));
      assertThat(sequences())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_200).boxed().toList());
    }
  }

  @ParameterizedTest
  @EnumSource(GroupProtocol.class)
  @Tag("ci")
  void letsNothingOfAFrozenWriterBeSeenOnceItIsReplaced(GroupProtocol protocol) {
    // Two commands in one transaction: the writer freezes before the second; the first is sent
    // already.
    BlockingClock clock = new BlockingClock(2);
    // Its transaction must not time out, because fencing would then be unnecessary.
    LogMember.Options quicklyGivenUp =
        new LogMember.Options(
            protocol,
            clock,
            Map.of(
                "max.poll.interval.ms", "6000",
                "transaction.timeout.ms", "60000",
                "linger.ms", "100"));
    LogMember.Options usual = new LogMember.Options(protocol, InstantSource.system(), Map.of());
    try (LogMember frozen =
        LogMember.start(kafka.bootstrapServers(), "frozen", cluster, quicklyGivenUp)) {
      eventually().until(() -> frozen.meter(LogMeters.WRITER_PARTITIONS) == Topics.PARTITIONS);
      CompletableFuture<AssociationOutcome> first = frozen.send(Asked.create(cluster, "cart"));
      CompletableFuture<AssociationOutcome> other = frozen.send(Asked.create(cluster, "orders"));
      clock.awaitFrozen();
      try (LogMember second = LogMember.start(kafka.bootstrapServers(), "second", cluster, usual)) {
        await()
            .untilAsserted(
                () -> assertThat(LogDump.written(kafka, Topics.CHANGES, cluster)).isNotEmpty());
        assertThat(LogDump.committed(kafka, Topics.CHANGES, cluster)).isEmpty();

        eventually()
            .until(() -> second.meter(LogMeters.COMMANDS, LogMeters.RESULT, "created") == 2);
        clock.release();
        eventually().until(() -> frozen.meter(LogMeters.WRITER_RESTARTS) >= 1);

        assertThat(frozen.meter(LogMeters.COMMANDS, LogMeters.RESULT, "created")).isZero();
        // Of two concurrent commands, either may be first.
        String frozensId = written().getFirst().association().id();
        assertThat(List.of(first.join(), other.join()))
            .extracting(outcome -> ((Accepted) outcome.result()).association().id())
            .doesNotContain(frozensId);
        assertThat(LogDump.committed(kafka, Topics.CHANGES, cluster))
            .extracting(ConsumerRecord::value)
            .noneMatch(value -> value.contains(frozensId));
        assertThat(LogDump.committed(kafka, Topics.OUTCOMES, cluster)).hasSize(2);
        assertThat(sequences()).containsExactly(1L, 2L);
      }
    }
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30));
  }

  private List<AssociationChange> written() {
    return changes(LogDump.written(kafka, Topics.CHANGES, cluster));
  }

  private List<Long> sequences() {
    return changes(LogDump.committed(kafka, Topics.CHANGES, cluster)).stream()
        .map(change -> change.position().sequence())
        .toList();
  }

  private List<AssociationChange> changes(List<ConsumerRecord<String, String>> records) {
    return records.stream()
        .filter(record -> !record.key().equals(cluster))
        .map(record -> SchemaJson.read(record.value(), AssociationChange.class))
        .toList();
  }

  @Test
  void usesNoSequenceTwiceOnceCompactionHasForgottenATombstone() {
    AssociationOutcome removed;
    try (LogMember first = LogMember.start(kafka, "first", cluster)) {
      Accepted created = first.accepted(Asked.create(cluster, "cart"));
      removed = first.decided(Asked.delete(cluster, created.association().id()));
      assertThat(removed.position().sequence()).isEqualTo(2);
    }
    forgetAllButTheHead();

    try (LogMember second = LogMember.start(kafka, "second", cluster)) {
      AssociationOutcome next = second.decided(Asked.create(cluster, "cart"));

      assertThat(next.position()).isEqualTo(removed.position().next());
    }
  }

  /**
   * The state after compaction of a cluster without associations, when its tombstones have expired.
   */
  private void forgetAllButTheHead() {
    List<ConsumerRecord<String, String>> records =
        LogDump.committed(kafka, Topics.CHANGES, cluster);
    assertThat(records.getLast().key()).isEqualTo(cluster);
    new LogSurgery(kafka).forgetBefore(ClusterPartition.of(cluster), records.getLast().offset());
    assertThat(LogDump.committed(kafka, Topics.CHANGES, cluster)).hasSize(1);
  }

  @Test
  void passesOverWhatIsNoCommandAndDecidesTheNext() {
    try (LogMember member = LogMember.start(kafka, "member", cluster)) {
      member.decided(Asked.create(cluster, "first"));
      LogSurgery surgery = new LogSurgery(kafka);
      int partition = ClusterPartition.of(cluster);
      String valid = SchemaJson.write(Asked.create(cluster, "never"));
      surgery.write(Topics.COMMANDS, partition, cluster, "no command");
      surgery.write(Topics.COMMANDS, partition, cluster, null);
      surgery.write(Topics.COMMANDS, (partition + 1) % Topics.PARTITIONS, cluster, valid);
      surgery.write(
          Topics.COMMANDS, partition, cluster, valid.replace("never", "n".repeat(200_000)));
      surgery.write(
          Topics.COMMANDS,
          partition,
          cluster,
          valid.replaceFirst(
              "\"requestedAt\":\"[^\"]*\"",
              "\"requestedAt\":\"+1000000000-12-31T23:59:59.999999999Z\""));

      AssociationOutcome next = member.decided(Asked.create(cluster, "second"));

      assertThat(next.result()).isInstanceOf(Accepted.class);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(member.meter(LogMeters.MALFORMED, LogMeters.TOPIC, Topics.COMMANDS))
                      .isEqualTo(4));
      assertThat(member.meter(LogMeters.WRITER_RESTARTS)).isZero();
    }
  }

  @Test
  void takesOverAPartitionThatHoldsAChangeWhichDoesNotRead() {
    LogSurgery surgery = new LogSurgery(kafka);
    try (LogMember first = LogMember.start(kafka, "first", cluster)) {
      first.decided(Asked.create(cluster, "cart"));
    }
    String key = cluster + "/shop/broken";
    surgery.write(Topics.CHANGES, ClusterPartition.of(cluster), key, "no change");
    surgery.write(Topics.CHANGES, ClusterPartition.of(cluster), key, null);

    try (LogMember second = LogMember.start(kafka, "second", cluster)) {
      assertThat(second.decided(Asked.create(cluster, "orders")).position().sequence())
          .isEqualTo(2);
      assertThat(second.meter(LogMeters.WRITER_RESTARTS)).isZero();
    }
  }
}
