package io.claviger.broker.adapter.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the content of a topic with a plain consumer. */
final class LogDump {

  private LogDump() {}

  /** Returns a cluster's committed records, in order. */
  static List<ConsumerRecord<String, String>> committed(
      RunningKafka kafka, String topic, String cluster) {
    return read(kafka.bootstrapServers(), topic, "read_committed").stream()
        .filter(record -> of(cluster, record))
        .toList();
  }

  /** Returns a cluster's records, including those of aborted and open transactions. */
  static List<ConsumerRecord<String, String>> written(
      RunningKafka kafka, String topic, String cluster) {
    return read(kafka.bootstrapServers(), topic, "read_uncommitted").stream()
        .filter(record -> of(cluster, record))
        .toList();
  }

  static List<ConsumerRecord<String, String>> read(
      String bootstrapServers, String topic, String isolation) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation);
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }

  private static boolean of(String cluster, ConsumerRecord<String, String> record) {
    String key = record.key();
    return key != null && (key.equals(cluster) || key.startsWith(cluster + "/"));
  }
}
