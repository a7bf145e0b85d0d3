package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.association.LogEntry;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogRecordsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  static Stream<LogEntry> entries() {
    AssociationSpec spec =
        new AssociationSpec(
            "shop", "cart", "arn:aws:iam::123456789012:role/a", null, false, null, Map.of());
    Association association = new Association("a-1", "one", spec, "key/tester", 3, NOW, NOW);
    Position position = new Position(7, 42);
    RevokedSubject role = new RevokedSubject(RevokedSubject.Kind.ROLE, spec.roleArn());
    return Stream.of(
        new LogEntry.Changed(AssociationChange.of(association, position, "tester")),
        new LogEntry.Removed(
            new AssociationKey("one", "shop", "cart"), "a-1", 3, position, "tester é"),
        new LogEntry.Revoked(
            RevocationChange.of(new Revocation("one", role, NOW, "key/tester"), position)),
        new LogEntry.Restored("one", role, position, "key/tester"),
        new LogEntry.Head(LogHead.of("one", position, "uid-1")));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void readWhatTheyWrote(LogEntry entry) {
    ProducerRecord<byte[], byte[]> written = LogRecords.of(entry);

    assertThat(LogRecords.entry(received(written))).isEqualTo(entry);
    assertThat(written.topic()).isEqualTo(Topics.CHANGES);
    assertThat(written.partition()).isEqualTo(ClusterPartition.of("one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "c-2", "Prod_eu-central-1", "é"})
  void areWhereKafkasOwnPartitionerPutsTheClustersName(String cluster) {
    assertThat(ClusterPartition.of(cluster))
        .isEqualTo(
            BuiltInPartitioner.partitionForKey(
                cluster.getBytes(StandardCharsets.UTF_8), Topics.PARTITIONS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AssociationChange.HEADER_EPOCH,
        AssociationChange.HEADER_SEQUENCE,
        AssociationChange.HEADER_ASSOCIATION_ID,
        AssociationChange.HEADER_REVISION,
        AssociationChange.HEADER_ACTOR
      })
  void refuseATombstoneThatLacksAHeader(String header) {
    ProducerRecord<byte[], byte[]> tombstone =
        LogRecords.of(entries().skip(1).findFirst().orElseThrow());
    tombstone.headers().remove(header);

    assertThatThrownBy(() -> LogRecords.entry(received(tombstone))).hasMessageContaining(header);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "one/shop", "one/shop/cart", "one/shop/cart/more", "/", ""})
  void refuseWhatIsNoChange(String key) {
    for (String value : new String[] {"", "{}", "[]", "nonsense", "null"}) {
      assertThatThrownBy(() -> LogRecords.entry(received(key, value)))
          .isInstanceOf(RuntimeException.class);
    }
    assertThatThrownBy(() -> LogRecords.entry(received(key, null)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void refuseAPositionThatNoneFollows() {
    LogHead last = LogHead.of("one", new Position(7, Long.MAX_VALUE), "uid-1");

    assertThatThrownBy(() -> LogRecords.entry(received(LogRecords.of(new LogEntry.Head(last)))))
        .isInstanceOf(RuntimeException.class);
  }

  private static ConsumerRecord<byte[], byte[]> received(String key, @Nullable String value) {
    return received(
        new ProducerRecord<>(
            Topics.CHANGES,
            0,
            key.getBytes(StandardCharsets.UTF_8),
            value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> record) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        0,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        record.key(),
        record.value(),
        new RecordHeaders(record.headers()),
        Optional.empty());
  }
}
