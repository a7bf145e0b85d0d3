package io.claviger.broker.adapter.kafka;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.KnownTables;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership of the writers' group, from joining to the first failure. Everything but {@link
 * #wakeup} runs on the writer's thread.
 */
final class WriterSession implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(WriterSession.class);
  private static final String GROUP = "claviger-log-writers";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LEAVE = Duration.ofMillis(500);
  private static final Duration FINISH = Duration.ofSeconds(2);
  private static final ThreadFactory TAKE_OVER =
      Thread.ofPlatform().name("log-take-over-", 0).daemon().factory();

  private final KafkaClients clients;
  private final AssociationDecisions decisions;
  private final KnownTables tables;
  private final WriterMeters meters;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, PartitionWriter> writers = new HashMap<>();
  private boolean lost;

  WriterSession(
      KafkaClients clients,
      GroupProtocol protocol,
      AssociationDecisions decisions,
      KnownTables tables,
      WriterMeters meters) {
    this.clients = clients;
    this.decisions = decisions;
    this.tables = tables;
    this.meters = meters;
    this.consumer = new KafkaConsumer<>(clients.groupMember(GROUP, protocol));
  }

  /**
   * Writes until stopped. Throws on any failure, even if Kafka no longer has this member: Kafka may
   * have lost its data, topics included. The caller closes everything afterwards.
   */
  void run(BooleanSupplier stopped) {
    try {
      consumer.subscribe(List.of(Topics.COMMANDS), this);
      while (!stopped.getAsBoolean() && !lost) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
          writer(partition).write(records.records(partition), consumer.groupMetadata());
        }
      }
      if (lost) {
        throw new KafkaException("Kafka no longer has this member of the group");
      }
    } finally {
      drop(Set.copyOf(writers.keySet()), Duration.ZERO);
      consumer.close(CloseOptions.timeout(LEAVE));
    }
  }

  /** Ends a waiting poll; from any thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    takeOver(numbers(partitions));
    // Read only now: the previous writer's last committed offset is final once that writer is
    // fenced.
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset != null) {
        consumer.seek(partition, offset.offset());
      } else {
        consumer.seekToBeginning(Set.of(partition));
      }
    }
    meters.partitions(writers.size());
  }

  /**
   * Takes all over at once, because each waits for Kafka. If one fails, the others are still owned.
   */
  private void takeOver(List<Integer> partitions) {
    ConsumerGroupMetadata group = consumer.groupMetadata();
    Map<Integer, Future<PartitionWriter>> taken = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(TAKE_OVER)) {
      partitions.forEach(
          partition -> taken.put(partition, threads.submit(() -> takeOver(partition, group))));
    }
    taken.forEach(
        (partition, writer) -> {
          if (writer.state() == Future.State.SUCCESS) {
            writers.put(partition, writer.resultNow());
          }
        });
    taken.values().stream()
        .filter(writer -> writer.state() == Future.State.FAILED)
        .map(Future::exceptionNow)
        .findFirst()
        .ifPresent(
            failure -> {
              throw new KafkaException("a partition of the log cannot be taken over", failure);
            });
  }

  private PartitionWriter takeOver(int partition, ConsumerGroupMetadata group) {
    long started = System.nanoTime();
    PartitionWriter writer =
        PartitionWriter.takeOver(partition, clients, decisions, tables, group, meters);
    LOG.atInfo()
        .addKeyValue("partition", partition)
        .addKeyValue("millis", (System.nanoTime() - started) / 1_000_000)
        .log("log partition taken over");
    return writer;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    drop(numbers(partitions), FINISH);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    drop(numbers(partitions), Duration.ZERO);
    lost = true;
  }

  private PartitionWriter writer(TopicPartition partition) {
    PartitionWriter writer = writers.get(partition.partition());
    if (writer == null) {
      throw new IllegalStateException("commands of a partition not owned here: " + partition);
    }
    return writer;
  }

  private void drop(Collection<Integer> partitions, Duration timeout) {
    for (Integer partition : partitions) {
      PartitionWriter writer = writers.remove(partition);
      if (writer != null) {
        writer.close(timeout);
        LOG.atInfo().addKeyValue("partition", partition).log("log partition given up");
      }
    }
    meters.partitions(writers.size());
  }

  private static List<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).toList();
  }
}
