package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.Topics;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Reads the audit stream as an ordinary Kafka client: without a group, on the caller's thread. */
public final class EventReader {

  private static final Duration POLL = Duration.ofMillis(500);

  /** After this time Kafka counts as unavailable, or as not permitting this client to read. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final KafkaConsumer<byte[], byte[]> kafka;
  private final Consumer<CloudEvent> events;
  private final Runnable caughtUp;

  private EventReader(
      KafkaConsumer<byte[], byte[]> kafka, Consumer<CloudEvent> events, Runnable caughtUp) {
    this.kafka = kafka;
    this.events = events;
    this.caughtUp = caughtUp;
  }

  /**
   * Reads events; those of one subject arrive in the order of recording. Records that are not
   * events are skipped.
   *
   * @param properties of the client, with {@code bootstrap.servers}
   * @param since events recorded before are skipped
   * @param follow whether to continue behind the end at the start, until the thread is interrupted
   * @param events receives each event
   * @param caughtUp runs when all events up to the end at the start have been passed on, and again
   *     after each further batch
   * @throws IOException if Kafka cannot be read
   */
  public static void read(
      Map<String, String> properties,
      Instant since,
      boolean follow,
      Consumer<CloudEvent> events,
      Runnable caughtUp)
      throws IOException {
    String servers = properties.getOrDefault("bootstrap.servers", "");
    Map<String, Object> settings =
        new KafkaClients(servers, "claviger", properties).reader("events");
    settings.put("allow.auto.create.topics", "false");
    try (KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(settings)) {
      new EventReader(kafka, events, caughtUp).read(since, follow);
    } catch (InterruptException e) {
      // The constructor has set the thread's interrupt flag again.
      return;
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("cannot read from Kafka at " + servers + ": " + cause.getMessage(), e);
    }
  }

  private void read(Instant since, boolean follow) throws IOException {
    List<TopicPartition> partitions =
        kafka.partitionsFor(Topics.CREDENTIAL_EVENTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IOException("Kafka has no topic " + Topics.CREDENTIAL_EVENTS);
    }
    kafka.assign(partitions);
    Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
    seek(partitions, ends, since);
    readTo(ends);
    caughtUp.run();
    while (follow) {
      if (poll()) {
        caughtUp.run();
      }
    }
  }

  private void seek(
      List<TopicPartition> partitions, Map<TopicPartition, Long> ends, Instant since) {
    Map<TopicPartition, @Nullable OffsetAndTimestamp> first =
        kafka.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(Function.identity(), p -> since.toEpochMilli())));
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp found = first.get(partition);
      kafka.seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset());
    }
  }

  private void readTo(Map<TopicPartition, Long> ends) throws IOException {
    long heard = System.nanoTime();
    while (ends.entrySet().stream()
        .anyMatch(end -> kafka.position(end.getKey()) < end.getValue())) {
      if (poll()) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw new IOException("Kafka has not answered for " + SILENCE.toSeconds() + " s");
      }
    }
  }

  private boolean poll() {
    int read = 0;
    for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
      event(record).ifPresent(events);
      read++;
    }
    return read > 0;
  }

  /** Converts a record to its event; empty if it is not an event. */
  static Optional<CloudEvent> event(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(KafkaMessageFactory.createReader(record).toEvent());
    } catch (RuntimeException e) {
      // The SDK throws undeclared exceptions, for example for a header without a value.
      return Optional.empty();
    }
  }
}
