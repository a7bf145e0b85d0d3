package io.claviger.mesh;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Topics;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the credential events of a mesh as they come, from the first one on. Records that are not
 * events are passed over. One thread of its own, ended by {@link #close()}.
 */
public final class EventFeed implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<CredentialEvent> events;
  private final Thread thread;

  private EventFeed(String bootstrapServers, Consumer<CredentialEvent> events) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "isolation.level", "read_committed",
                "enable.metrics.push", "false",
                "allow.auto.create.topics", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.events = events;
    this.thread = Thread.ofPlatform().daemon().name("event-feed").unstarted(this::read);
  }

  /** Starts reading; the topic must exist. Events are handed over on the feed's thread. */
  public static EventFeed open(String bootstrapServers, Consumer<CredentialEvent> events) {
    EventFeed feed = new EventFeed(bootstrapServers, events);
    feed.thread.start();
    return feed;
  }

  private void read() {
    try (consumer) {
      List<TopicPartition> partitions = partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!Thread.currentThread().isInterrupted()) {
        consumer.poll(POLL).forEach(record -> hand(record.value()));
      }
    } catch (WakeupException e) {
      // Closed.
    }
  }

  /** Kafka may be away: asked again until it answers, or the feed is closed. */
  private List<TopicPartition> partitions() {
    while (true) {
      try {
        return consumer.partitionsFor(Topics.CREDENTIAL_EVENTS, Duration.ofSeconds(5)).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
      } catch (TimeoutException e) {
        // Not yet.
      }
    }
  }

  private void hand(byte[] value) {
    CredentialEvent event;
    try {
      event = SchemaJson.read(value, CredentialEvent.class);
    } catch (SchemaJson.MalformedRecordException e) {
      return;
    }
    events.accept(event);
  }

  /** A line for people: time, what, whose, which role, which key, why. */
  public static String line(CredentialEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(event.time()).append(' ').append(shortType(event)).append(' ');
    line.append(event.subject());
    append(line, "pod", event.podName());
    append(line, "role", event.roleArn());
    append(line, "key", event.accessKeyId());
    append(line, "until", event.expiration());
    append(line, "by", event.member());
    append(line, "reason", event.reason());
    append(line, "message", event.message());
    return line.toString();
  }

  private static String shortType(CredentialEvent event) {
    return event.type().text().replaceFirst("^io\\.claviger\\.", "").replaceFirst("\\.v1$", "");
  }

  private static void append(StringBuilder line, String name, @Nullable Object value) {
    if (value != null) {
      line.append(' ').append(name).append('=').append(value);
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
