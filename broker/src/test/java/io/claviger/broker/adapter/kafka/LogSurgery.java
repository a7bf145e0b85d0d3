package io.claviger.broker.adapter.kafka;

import static org.awaitility.Awaitility.await;

import io.claviger.schemas.association.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Changes topics in ways that no part of Claviger does. */
final class LogSurgery {

  private final RunningKafka kafka;

  LogSurgery(RunningKafka kafka) {
    this.kafka = kafka;
  }

  /** Writes a record outside of any transaction, and waits until it is visible. */
  void write(String topic, int partition, String key, @Nullable String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Deletes all changes of a partition before an offset. */
  void forgetBefore(int partition, long offset) {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.CHANGES);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      // Kafka rejects this for topics that are only compacted. The broker may apply the change a
      // moment after the controller has acknowledged it.
      set(admin, topic, "compact,delete");
      try {
        await()
            .ignoreExceptionsMatching(e -> e.getCause() instanceof PolicyViolationException)
            .until(() -> deleteBefore(admin, partition, offset));
      } finally {
        set(admin, topic, "compact");
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean deleteBefore(Admin admin, int partition, long offset)
      throws ExecutionException, InterruptedException {
    admin
        .deleteRecords(
            Map.of(
                new TopicPartition(Topics.CHANGES, partition),
                RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
    return true;
  }

  private static void set(Admin admin, ConfigResource topic, String policy)
      throws ExecutionException, InterruptedException {
    Collection<AlterConfigOp> change =
        List.of(
            new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET));
    admin.incrementalAlterConfigs(Map.of(topic, change)).all().get();
  }
}
