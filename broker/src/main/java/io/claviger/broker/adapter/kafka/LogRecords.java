package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.LogEntry;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The association log's records in Kafka's format. */
public final class LogRecords {

  private LogRecords() {}

  /** Creates a record of {@link Topics#COMMANDS}. */
  public static ProducerRecord<byte[], byte[]> of(AssociationCommand command) {
    return record(
        Topics.COMMANDS, command.cluster(), command.cluster(), SchemaJson.writeBytes(command));
  }

  /** Creates a record of {@link Topics#OUTCOMES}. */
  public static ProducerRecord<byte[], byte[]> of(AssociationOutcome outcome) {
    return record(
        Topics.OUTCOMES, outcome.cluster(), outcome.recordKey(), SchemaJson.writeBytes(outcome));
  }

  /** Creates a record of {@link Topics#CHANGES}. */
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
      case LogEntry.Revoked revoked ->
          record(
              Topics.CHANGES,
              entry.cluster(),
              revoked.revocation().recordKey(),
              SchemaJson.writeBytes(revoked.change()));
      case LogEntry.Removed removed ->
          tombstone(
              removed,
              removed.key().recordKey(),
              removed.actor(),
              header(AssociationChange.HEADER_ASSOCIATION_ID, removed.associationId()),
              header(AssociationChange.HEADER_REVISION, removed.revision()));
      case LogEntry.Restored restored ->
          tombstone(
              restored,
              Revocation.recordKey(restored.cluster(), restored.subject()),
              restored.actor());
    };
  }

  /**
   * Parses a record of {@link Topics#CHANGES}.
   *
   * @throws RuntimeException if it is malformed
   */
  public static LogEntry entry(ConsumerRecord<byte[], byte[]> record) {
    LogEntry entry = read(record);
    // Rejects a position without a successor, which would break every reader. A client with write
    // access to Kafka could otherwise end the log.
    var unused = entry.position().next();
    return entry;
  }

  private static LogEntry read(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    byte[] value = record.value();
    if (value == null) {
      return gone(key, record);
    }
    if (isHead(record)) {
      return new LogEntry.Head(SchemaJson.read(value, LogHead.class));
    }
    if (Revocation.isRecordKey(key)) {
      return new LogEntry.Revoked(SchemaJson.read(value, RevocationChange.class));
    }
    return new LogEntry.Changed(SchemaJson.read(value, AssociationChange.class));
  }

  private static LogEntry gone(String key, ConsumerRecord<byte[], byte[]> record) {
    Position position =
        new Position(
            Long.parseLong(header(record, AssociationChange.HEADER_EPOCH)),
            Long.parseLong(header(record, AssociationChange.HEADER_SEQUENCE)));
    String actor = header(record, AssociationChange.HEADER_ACTOR);
    return Revocation.isRecordKey(key)
        ? new LogEntry.Restored(
            Revocation.clusterOf(key), Revocation.subjectOf(key), position, actor)
        : new LogEntry.Removed(
            AssociationKey.parse(key),
            header(record, AssociationChange.HEADER_ASSOCIATION_ID),
            Long.parseLong(header(record, AssociationChange.HEADER_REVISION)),
            position,
            actor);
  }

  /** Returns whether a record of {@link Topics#CHANGES} is a head, or has the key of one. */
  static boolean isHead(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return key != null && new String(key, StandardCharsets.UTF_8).indexOf('/') < 0;
  }

  private static ProducerRecord<byte[], byte[]> tombstone(
      LogEntry entry, String key, String actor, Header... more) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(AssociationChange.HEADER_EPOCH, entry.position().epoch()));
    headers.add(header(AssociationChange.HEADER_SEQUENCE, entry.position().sequence()));
    headers.addAll(List.of(more));
    headers.add(header(AssociationChange.HEADER_ACTOR, actor));
    return new ProducerRecord<>(
        Topics.CHANGES, ClusterPartition.of(entry.cluster()), bytes(key), null, headers);
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

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
