package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.LogEntry;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The association log's records as Kafka carries them. */
public final class LogRecords {

  private LogRecords() {}

  /** A record of {@link Topics#COMMANDS}. */
  public static ProducerRecord<byte[], byte[]> of(AssociationCommand command) {
    return record(
        Topics.COMMANDS, command.cluster(), command.cluster(), SchemaJson.writeBytes(command));
  }

  /** A record of {@link Topics#OUTCOMES}. */
  public static ProducerRecord<byte[], byte[]> of(AssociationOutcome outcome) {
    return record(
        Topics.OUTCOMES, outcome.cluster(), outcome.recordKey(), SchemaJson.writeBytes(outcome));
  }

  /** A record of {@link Topics#CHANGES}. */
  public static ProducerRecord<byte[], byte[]> of(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Changed changed ->
          record(
              Topics.CHANGES,
              entry.cluster(),
              changed.association().key().recordKey(),
              SchemaJson.writeBytes(changed.change()));
      case LogEntry.Head head ->
          record(
              Topics.CHANGES, entry.cluster(), entry.cluster(), SchemaJson.writeBytes(head.head()));
      case LogEntry.Removed removed -> tombstone(removed);
    };
  }

  /**
   * Reads a record of {@link Topics#CHANGES}.
   *
   * @throws RuntimeException when it is none
   */
  public static LogEntry entry(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    byte[] value = record.value();
    if (value == null) {
      return new LogEntry.Removed(
          AssociationKey.parse(key),
          header(record, AssociationChange.HEADER_ASSOCIATION_ID),
          Long.parseLong(header(record, AssociationChange.HEADER_REVISION)),
          new Position(
              Long.parseLong(header(record, AssociationChange.HEADER_EPOCH)),
              Long.parseLong(header(record, AssociationChange.HEADER_SEQUENCE))),
          header(record, AssociationChange.HEADER_ACTOR));
    }
    if (isHead(record)) {
      return new LogEntry.Head(SchemaJson.read(value, LogHead.class));
    }
    return new LogEntry.Changed(SchemaJson.read(value, AssociationChange.class));
  }

  /** Whether a record of {@link Topics#CHANGES} is a head, or in the place of one. */
  static boolean isHead(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return key != null && new String(key, StandardCharsets.UTF_8).indexOf('/') < 0;
  }

  private static ProducerRecord<byte[], byte[]> tombstone(LogEntry.Removed removed) {
    List<Header> headers =
        List.of(
            header(AssociationChange.HEADER_EPOCH, removed.position().epoch()),
            header(AssociationChange.HEADER_SEQUENCE, removed.position().sequence()),
            header(AssociationChange.HEADER_ASSOCIATION_ID, removed.associationId()),
            header(AssociationChange.HEADER_REVISION, removed.revision()),
            header(AssociationChange.HEADER_ACTOR, removed.actor()));
    return new ProducerRecord<>(
        Topics.CHANGES,
        ClusterPartition.of(removed.cluster()),
        bytes(removed.key().recordKey()),
        null,
        headers);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, String cluster, String key, byte[] value) {
    return new ProducerRecord<>(topic, ClusterPartition.of(cluster), bytes(key), value);
  }

  private static Header header(String name, Object value) {
    return new RecordHeader(name, bytes(value.toString()));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new IllegalArgumentException("the tombstone has no header " + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
