package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A client with write access to the mesh's Kafka that is no broker. */
final class KafkaWriter implements AutoCloseable {

  private static final int MILLIS = 10_000;

  private final KafkaProducer<byte[], byte[]> producer;

  KafkaWriter(LocalMesh mesh) {
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                mesh.bootstrapServers(),
                "acks",
                "all",
                "max.request.size",
                1 << 20,
                "max.block.ms",
                MILLIS,
                "request.timeout.ms",
                MILLIS / 2,
                "delivery.timeout.ms",
                MILLIS),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Writes a record, and waits for Kafka's acknowledgement. */
  void write(ProducerRecord<byte[], byte[]> record) {
    String refusal = refusal(record);
    if (!refusal.isEmpty()) {
      throw new IllegalStateException("Kafka rejects a record: " + refusal);
    }
  }

  /** The reason for which Kafka itself rejects a record; empty if it accepts the record. */
  String refusal(ProducerRecord<byte[], byte[]> record) {
    try {
      var unused = producer.send(record).get(MILLIS, TimeUnit.MILLISECONDS);
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofMillis(MILLIS));
  }
}
