package io.claviger.broker.adapter.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads committed records of all partitions of a topic while it is open. If a reading fails, it is
 * opened again a second later. An unavailable Kafka is not a failure: the reading continues when
 * Kafka returns.
 *
 * <p>Runs on one Vert.x context; the sink is called only there.
 */
final class TopicReader {

  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

  /** A poll ends as soon as a position moves, even over a transaction's marker only. */
  private static final Duration POLL = Duration.ofMillis(250);

  private static final long REOPEN_MILLIS = 1_000;

  /** Where a reading starts. */
  enum From {
    BEGINNING,
    END
  }

  /** Receives the records of a reading. */
  interface Sink {
    /** A reading starts. With {@link From#END}, it will see everything written from now on. */
    void opened();

    /** Receives the next record. */
    void record(ConsumerRecord<byte[], byte[]> record);

    /** Returns whether positions are needed; called after each poll. */
    default boolean wantsPositions() {
      return false;
    }

    /** Receives the position of each partition, control records included. */
    default void positions(Map<TopicPartition, Long> positions) {}
  }

  private final Vertx vertx;
  private final Context context;
  private final Map<String, Object> settings;
  private final Set<TopicPartition> partitions = new LinkedHashSet<>();
  private final From from;
  private final Sink sink;
  private @Nullable Reading reading;
  private boolean closed;

  TopicReader(
      Vertx vertx,
      Context context,
      Map<String, Object> settings,
      String topic,
      int partitions,
      From from,
      Sink sink) {
    this.vertx = vertx;
    this.context = context;
    this.settings = settings;
    this.from = from;
    this.sink = sink;
    for (int i = 0; i < partitions; i++) {
      this.partitions.add(new TopicPartition(topic, i));
    }
  }

  /** Starts a reading; called on the context. */
  void open() {
    if (closed) {
      return;
    }
    context
        .executeBlocking(() -> KafkaReadStream.<byte[], byte[]>create(vertx, settings))
        .onSuccess(
            stream -> {
              Reading opened = new Reading(stream);
              if (closed) {
                var unused = opened.end();
              } else {
                reading = opened;
                opened.begin();
              }
            })
        .onFailure(this::openLater);
  }

  /** Starts again from the same end; called on the context. */
  void restart() {
    endReading().onComplete(ended -> open());
  }

  /** Stops; called on the context. */
  Future<Void> close() {
    closed = true;
    return endReading();
  }

  private Future<Void> endReading() {
    Reading current = reading;
    reading = null;
    return current == null ? Future.succeededFuture() : current.end();
  }

  private void openLater(Throwable failure) {
    LOG.atWarn().addKeyValue("cause", failure.toString()).log("topic reading starts again");
    vertx.setTimer(REOPEN_MILLIS, timer -> open());
  }

  /** The client completes some of its futures on its own thread. */
  private <T> Future<T> onContext(Future<T> future) {
    return Future.fromCompletionStage(future.toCompletionStage(), context);
  }

  /** The life of one consumer. */
  private final class Reading {
    private final KafkaReadStream<byte[], byte[]> stream;
    private boolean over;

    Reading(KafkaReadStream<byte[], byte[]> stream) {
      this.stream = stream;
    }

    void begin() {
      Future<Void> begun =
          stream
              .assign(partitions)
              .compose(
                  assigned ->
                      switch (from) {
                        case BEGINNING -> stream.seekToBeginning(partitions);
                        // A seek to the end is lazy; requesting the position performs it.
                        case END ->
                            stream.seekToEnd(partitions).compose(v -> positions()).mapEmpty();
                      });
      onContext(begun)
          .onSuccess(
              done -> {
                if (!over && !closed) {
                  sink.opened();
                  poll();
                }
              })
          .onFailure(this::failed);
    }

    Future<Void> end() {
      over = true;
      return onContext(stream.close());
    }

    private void poll() {
      onContext(stream.poll(POLL)).onSuccess(this::polled).onFailure(this::failed);
    }

    private void polled(ConsumerRecords<byte[], byte[]> records) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (over) {
          return;
        }
        sink.record(record);
      }
      if (over) {
        return;
      }
      if (!sink.wantsPositions()) {
        poll();
        return;
      }
      onContext(positions())
          .onComplete(
              asked -> {
                if (!over) {
                  // Unknown while Kafka is unavailable; requested again after the next poll.
                  if (asked.succeeded()) {
                    sink.positions(asked.result());
                  }
                  poll();
                }
              });
    }

    private Future<Map<TopicPartition, Long>> positions() {
      Map<TopicPartition, Long> positions = new LinkedHashMap<>();
      Future<Void> all = Future.succeededFuture();
      for (TopicPartition partition : partitions) {
        all =
            all.compose(known -> stream.position(partition))
                .onSuccess(position -> positions.put(partition, position))
                .mapEmpty();
      }
      return all.map(known -> positions);
    }

    private void failed(Throwable failure) {
      if (!over) {
        endReading().onComplete(ended -> openLater(failure));
      }
    }
  }
}
