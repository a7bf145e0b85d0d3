package io.claviger.broker.adapter.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Requests the committed end offset of each of a topic's partitions. Runs on one Vert.x context.
 */
final class EndOffsets {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final Context context;
  private final String topic;
  private final int partitions;
  private @Nullable Future<Admin> admin;

  EndOffsets(KafkaClients clients, Context context, String topic, int partitions) {
    this.clients = clients;
    this.context = context;
    this.topic = topic;
    this.partitions = partitions;
  }

  /**
   * Returns the current end offsets, by partition; fails within about a second if Kafka does not
   * answer.
   */
  Future<long[]> ask() {
    Future<Admin> current = admin;
    if (current == null || current.failed()) {
      current = context.executeBlocking(() -> clients.endsAdmin());
      admin = current;
    }
    return current.compose(this::ask);
  }

  Future<Void> close() {
    Future<Admin> current = admin;
    admin = null;
    return current == null
        ? Future.succeededFuture()
        : current.compose(
            open ->
                context.executeBlocking(
                    () -> {
                      open.close(TIMEOUT);
                      return null;
                    }));
  }

  private Future<long[]> ask(Admin current) {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      request.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    ListOffsetsOptions committed =
        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) TIMEOUT.toMillis());
    CompletionStage<long[]> answer =
        current
            .listOffsets(request, committed)
            .all()
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .thenApply(this::offsets);
    return Future.fromCompletionStage(answer, context);
  }

  private long[] offsets(Map<TopicPartition, ListOffsetsResultInfo> answer) {
    long[] ends = new long[partitions];
    answer.forEach((partition, info) -> ends[partition.partition()] = info.offset());
    return ends;
  }
}
