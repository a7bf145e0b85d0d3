package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.LogState;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the committed records of a partition to its end. Blocks. */
final class PartitionRestore {

  private static final Duration POLL = Duration.ofMillis(100);

  /** A new writer must be back before Kafka considers its consumer dead (max.poll.interval). */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private PartitionRestore() {}

  /**
   * Returns the state from which a writer continues.
   *
   * @throws RuntimeException if not everything can be read, or a head is malformed: a writer that
   *     lacks its position must decide nothing
   */
  static LogState restore(int partition, KafkaClients clients, WriterMeters meters) {
    LogState state = new LogState();
    TopicPartition changes = new TopicPartition(Topics.CHANGES, partition);
    TopicPartition outcomes = new TopicPartition(Topics.OUTCOMES, partition);
    read(
        clients,
        List.of(changes, outcomes),
        record -> {
          if (record.topic().equals(Topics.CHANGES)) {
            change(record, state, meters);
          } else {
            outcome(record, state, meters);
          }
        });
    return state;
  }

  /** Returns the end of a partition's commands. */
  static long commandsEnd(int partition, KafkaClients clients) {
    TopicPartition commands = new TopicPartition(Topics.COMMANDS, partition);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(clients.reader("writer-restore"))) {
      return consumer.endOffsets(List.of(commands)).getOrDefault(commands, 0L);
    }
  }

  private static void read(
      KafkaClients clients,
      List<TopicPartition> partitions,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    long started = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(clients.reader("writer-restore"))) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (!reached(consumer, ends)) {
        if (System.nanoTime() - started > LIMIT.toNanos()) {
          throw new TimeoutException("the log's partition could not be read in time");
        }
        consumer.poll(POLL).forEach(sink);
      }
    }
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** A malformed change is in no table either, so decisions still agree with the tables. */
  private static void change(
      ConsumerRecord<byte[], byte[]> record, LogState state, WriterMeters meters) {
    LogEntry entry;
    try {
      entry = LogRecords.entry(record);
    } catch (RuntimeException e) {
      if (LogRecords.isHead(record)) {
        throw e;
      }
      meters.malformed(Topics.CHANGES);
      return;
    }
    state.apply(entry);
  }

  /** A malformed outcome costs one request its idempotency; it must not stop the writer. */
  private static void outcome(
      ConsumerRecord<byte[], byte[]> record, LogState state, WriterMeters meters) {
    if (record.value() == null) {
      return;
    }
    AssociationOutcome outcome;
    try {
      outcome = SchemaJson.read(record.value(), AssociationOutcome.class);
    } catch (SchemaJson.MalformedRecordException e) {
      meters.malformed(Topics.OUTCOMES);
      return;
    }
    state.apply(outcome);
  }
}
