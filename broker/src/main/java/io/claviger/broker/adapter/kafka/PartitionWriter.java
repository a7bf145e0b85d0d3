package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.ChangeEvents;
import io.claviger.broker.association.Decision;
import io.claviger.broker.association.KnownTables;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.LogState;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one partition of the log. Taking it over fences the previous writer: the transactional id
 * belongs to the partition, so a writer that was believed dead cannot commit any more.
 *
 * <p>After any failure, close it and take the partition over again. Decisions of an uncommitted
 * transaction are discarded with it.
 */
final class PartitionWriter {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionWriter.class);
  private static final String TRANSACTIONAL_ID = "claviger-log-writer-p";

  /** The records of a command repeat it. This limit keeps them well below Kafka's 1 MiB. */
  private static final int MAX_COMMAND_BYTES = 128 * 1024;

  /** Entries of about 700 bytes. They are sent long before the 10 s deadline of a batch. */
  private static final int FLUSHED_AT_ONCE = 1_000;

  private final int partition;
  private final KafkaProducer<byte[], byte[]> producer;
  private final LogState state;
  private final AssociationDecisions decisions;
  private final WriterMeters meters;
  private final String member;

  private PartitionWriter(
      int partition,
      KafkaProducer<byte[], byte[]> producer,
      LogState state,
      AssociationDecisions decisions,
      WriterMeters meters,
      String member) {
    this.partition = partition;
    this.producer = producer;
    this.state = state;
    this.decisions = decisions;
    this.meters = meters;
    this.member = member;
  }

  /**
   * Fences the partition's previous writer, reads what is committed, and appends lost changes
   * again.
   *
   * @param tables which may contain lost changes
   * @param group that reads the commands, with its current metadata
   */
  static PartitionWriter takeOver(
      int partition,
      KafkaClients clients,
      AssociationDecisions decisions,
      KnownTables tables,
      ConsumerGroupMetadata group,
      WriterMeters meters) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(clients.transactions(TRANSACTIONAL_ID + partition));
    try {
      producer.initTransactions();
      LogState state = PartitionRestore.restore(partition, clients, meters);
      PartitionWriter writer =
          new PartitionWriter(partition, producer, state, decisions, meters, clients.name());
      writer.writeLost(tables, clients, group);
      return writer;
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  private void writeLost(KnownTables tables, KafkaClients clients, ConsumerGroupMetadata group) {
    Predicate<String> inLog = cluster -> ClusterPartition.of(cluster) == partition;
    List<LogEntry> lost = decisions.lost(tables.further(state, inLog), state, inLog);
    if (lost.isEmpty()) {
      return;
    }
    LOG.atError()
        .addKeyValue("partition", partition)
        .addKeyValue("entries", lost.size())
        .log("the log has lost changes that were acknowledged: they are written again");
    producer.beginTransaction();
    for (int i = 1; i <= lost.size(); i++) {
      send(LogRecords.of(lost.get(i - 1)));
      if (i % FLUSHED_AT_ONCE == 0) {
        // Each waiting batch has a deadline from now on, so they must not all wait at once.
        producer.flush();
      }
    }
    // Earlier commands may have been decided although their outcomes are lost. Deciding them again
    // would undo later changes.
    commandsDone(PartitionRestore.commandsEnd(partition, clients), group);
    producer.commitTransaction();
    lost.forEach(state::apply);
    meters.writtenAgain(lost.size());
  }

  private void commandsDone(long next, ConsumerGroupMetadata group) {
    producer.sendOffsetsToTransaction(
        Map.of(new TopicPartition(Topics.COMMANDS, partition), new OffsetAndMetadata(next)), group);
  }

  /** Decides commands, and commits decisions, outcomes and offset in one transaction. */
  void write(List<ConsumerRecord<byte[], byte[]>> records, ConsumerGroupMetadata group) {
    producer.beginTransaction();
    List<Decision> decided = new ArrayList<>();
    Set<String> changed = new LinkedHashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Optional<AssociationCommand> command = command(record);
      if (command.isPresent()) {
        Decision decision = decisions.decide(command.get(), state);
        state.apply(decision);
        decision.entry().ifPresent(entry -> changed.add(entry.cluster()));
        decision.entry().ifPresent(entry -> send(LogRecords.of(entry)));
        decision.outcomes().forEach(outcome -> send(LogRecords.of(outcome)));
        ChangeEvents.of(decision, command.get().actor(), member)
            .ifPresent(event -> send(EventRecords.raw(event, eventId(decision))));
        decided.add(decision);
      }
    }
    for (String cluster : changed) {
      LogHead head = LogHead.of(cluster, state.head(cluster), state.clusterUid(cluster));
      send(LogRecords.of(new LogEntry.Head(head)));
    }
    commandsDone(records.getLast().offset() + 1, group);
    producer.commitTransaction();
    decided.forEach(meters::decided);
  }

  /** Closes. An open transaction is aborted by its timeout or by the next writer. */
  void close(Duration timeout) {
    producer.close(timeout);
  }

  /** A change has one id, whichever broker reports it. */
  private static UUID eventId(Decision decision) {
    String change = decision.answer().cluster() + SchemaJson.write(decision.answer().position());
    // This decision has the position of another change, so the token identifies it.
    String token =
        decision.answer().result() instanceof Bound ? decision.answer().clientRequestToken() : "";
    return UUID.nameUUIDFromBytes(LogRecords.bytes(change + token));
  }

  /** If a record cannot be sent, the commit fails. */
  private void send(ProducerRecord<byte[], byte[]> record) {
    var unused = producer.send(record);
  }

  /** A malformed command has no requester to answer, so it is skipped. */
  private Optional<AssociationCommand> command(ConsumerRecord<byte[], byte[]> record) {
    try {
      AssociationCommand command = SchemaJson.read(record.value(), AssociationCommand.class);
      if (ClusterPartition.of(command.cluster()) == partition
          && record.serializedValueSize() <= MAX_COMMAND_BYTES) {
        return Optional.of(command);
      }
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("command is malformed");
    }
    meters.malformed(Topics.COMMANDS);
    LOG.atWarn()
        .addKeyValue("partition", partition)
        .addKeyValue("offset", record.offset())
        .log("command skipped: malformed, too long, or in another cluster's partition");
    return Optional.empty();
  }
}
