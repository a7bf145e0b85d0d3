package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.schemas.association.Topics;
import io.claviger.schemas.event.CredentialEvent;
import io.cloudevents.CloudEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaFixture.class)
@Timeout(60)
final class EventReaderIT {

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();
  private final Vertx vertx = Vertx.vertx();

  EventReaderIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopics() {
    new TopicSetup(new KafkaClients(kafka.bootstrapServers(), "topics", Map.of()), 1, 2)
        .ensure()
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void closeVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsWhatIsThereAndPassesOverWhatIsNoEvent() throws Exception {
    write(1, 2, 3);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.CREDENTIAL_EVENTS, "no event".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    write(4);

    assertThat(read(Instant.EPOCH)).containsExactly("1", "2", "3", "4");
  }

  @Test
  void beginsAtATime() throws Exception {
    write(1);
    Instant between = Instant.now().plusMillis(1);
    await().until(() -> Instant.now().isAfter(between));
    write(2);

    assertThat(read(between)).containsExactly("2");
    assertThat(read(Instant.now().plusSeconds(60))).isEmpty();
  }

  @Test
  void goesOnUntilItIsInterrupted() throws Exception {
    write(1);
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    AtomicInteger caughtUp = new AtomicInteger();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    EventReader.read(
                        at(kafka.bootstrapServers()),
                        Instant.EPOCH,
                        true,
                        event -> mine(event, seen),
                        caughtUp::incrementAndGet);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    await().until(() -> caughtUp.get() == 1);
    assertThat(seen).containsExactly("1");

    write(2);
    await().until(() -> seen.size() == 2);
    await().until(() -> caughtUp.get() >= 2);
    reader.interrupt();
    reader.join();

    assertThat(seen).containsExactly("1", "2");
  }

  @Test
  void saysThatKafkaDoesNotAnswer() {
    String nobody = "127.0.0.1:" + RunningKafka.freePort();

    assertThatThrownBy(
            () -> EventReader.read(at(nobody), Instant.EPOCH, false, event -> {}, () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot read from Kafka at " + nobody);
  }

  private List<String> read(Instant since) throws IOException {
    List<String> seen = new ArrayList<>();
    AtomicInteger caughtUp = new AtomicInteger();
    EventReader.read(
        at(kafka.bootstrapServers()),
        since,
        false,
        event -> mine(event, seen),
        caughtUp::incrementAndGet);
    assertThat(caughtUp).hasValue(1);
    return seen;
  }

  private void mine(CloudEvent event, Collection<String> seen) {
    if ((cluster + "/shop/cart").equals(event.getSubject())) {
      seen.add(String.valueOf(event.getId().charAt(event.getId().length() - 1)));
    }
  }

  private static Map<String, String> at(String bootstrapServers) {
    return Map.of("bootstrap.servers", bootstrapServers);
  }

  private void write(int... numbers) {
    KafkaAuditLog log =
        new KafkaAuditLog(
            vertx,
            new KafkaClients(kafka.bootstrapServers(), "broker-1", Map.of()),
            10,
            UUID::randomUUID,
            new SimpleMeterRegistry());
    IntStream.of(numbers)
        .forEach(
            i ->
                assertThat(
                        log.offer(
                            new UUID(0, i),
                            CredentialEvent.of(
                                    CredentialEvent.Type.ISSUED, Instant.now(), "b", cluster)
                                .of("shop", "cart")
                                .build()))
                    .isTrue());
    log.close().toCompletionStage().toCompletableFuture().join();
  }
}
