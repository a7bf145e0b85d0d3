package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Topics;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.OpenedSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaFixture.class)
@Timeout(90)
final class KafkaAuditLogIT {

  private static final Instant TIME = Instant.parse("2026-11-24T12:00:00Z");

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  KafkaAuditLogIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @AfterEach
  void closeVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void writesAnEventAsACloudEventInBinaryMode() {
    createTopics(kafka);
    UUID id = UUID.fromString("11111111-2222-3333-4444-555555555555");
    KafkaAuditLog audit = audit(kafka.bootstrapServers(), 10, id);
    CredentialEvent event = event("cart", "issued to the test");

    audit.record(event);
    close(audit);

    List<ConsumerRecord<String, String>> records = events();
    assertThat(records).hasSize(1);
    ConsumerRecord<String, String> record = records.getFirst();
    assertThat(record.key()).isEqualTo(cluster + "/shop/cart");
    assertThat(headers(record))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", id.toString(),
                "ce_source", "/claviger/members/broker-1",
                "ce_type", "io.claviger.credential.issued.v1",
                "ce_subject", cluster + "/shop/cart",
                "ce_time", "2026-11-24T12:00:00Z",
                "content-type", "application/json"));
    assertThat(SchemaJson.read(record.value(), CredentialEvent.class)).isEqualTo(event);
    assertThat(Schemas.violations("credential-event", record.value())).isEmpty();
  }

  @Test
  void takesWhatIsOfferedUnderItsIdUntilHalfOfTheRoomIsTaken() {
    createTopics(kafka);
    UUID id = UUID.fromString("99999999-2222-3333-4444-555555555555");
    KafkaAuditLog away = audit("127.0.0.1:" + RunningKafka.freePort(), 10, UUID.randomUUID());
    assertThat(IntStream.range(0, 8).filter(i -> away.offer(id, event("cart", "x"))).count())
        .isEqualTo(5);
    IntStream.range(0, 5).forEach(i -> away.record(event("cart", "own")));
    assertThat(meters.counter(LogMeters.EVENTS_DROPPED).count()).isZero();
    close(away);
    assertThat(away.offer(id, event("cart", "too late"))).isFalse();

    KafkaAuditLog audit = audit(kafka.bootstrapServers(), 10, UUID.randomUUID());
    assertThat(audit.offer(id, event("cart", "offered"))).isTrue();
    close(audit);

    assertThat(events())
        .singleElement()
        .satisfies(record -> assertThat(headers(record)).containsEntry("ce_id", id.toString()));
  }

  @Test
  void keepsAllEventsAndTheOrderOfEachSubjectInATopicThatIsJustMade() {
    try (RunningKafka fresh = RunningKafka.embedded()) {
      createTopics(fresh);
      KafkaAuditLog audit = audit(fresh.bootstrapServers(), 1_000, UUID.randomUUID());

      IntStream.range(0, 500).forEach(i -> audit.record(event("sa-" + i % 5, String.valueOf(i))));
      close(audit);

      assertThat(meters.counter(LogMeters.EVENTS_FAILED).count()).isZero();
      assertThat(meters.counter(LogMeters.EVENTS_SENT).count()).isEqualTo(500);
      List<ConsumerRecord<String, String>> records = events(fresh);
      for (int subject = 0; subject < 5; subject++) {
        int first = subject;
        String key = cluster + "/shop/sa-" + subject;
        assertThat(
                records.stream()
                    .filter(record -> record.key().equals(key))
                    .map(r -> SchemaJson.read(r.value(), CredentialEvent.class).message()))
            .containsExactlyElementsOf(
                IntStream.range(0, 100).mapToObj(i -> String.valueOf(first + 5 * i)).toList());
      }
    }
  }

  @Test
  void sendsEachEventOnceWhenManyThreadsRecordAtOnce() {
    createTopics(kafka);
    KafkaAuditLog audit = audit(kafka.bootstrapServers(), 10_000, UUID.randomUUID());

    IntStream.range(0, 8)
        .mapToObj(
            thread ->
                CompletableFuture.runAsync(
                    () ->
                        IntStream.range(0, 250)
                            .forEach(i -> audit.record(event("sa-" + thread, String.valueOf(i))))))
        .toList()
        .forEach(CompletableFuture::join);

    await().untilAsserted(() -> assertThat(queued()).isZero());
    assertThat(meters.counter(LogMeters.EVENTS_SENT).count()).isEqualTo(2_000);
    List<ConsumerRecord<String, String>> records = events();
    assertThat(records).hasSize(2_000);
    assertThat(
            records.stream()
                .filter(record -> record.key().equals(cluster + "/shop/sa-3"))
                .map(r -> SchemaJson.read(r.value(), CredentialEvent.class).message()))
        .containsExactlyElementsOf(IntStream.range(0, 250).mapToObj(String::valueOf).toList());
    close(audit);
  }

  @Test
  void sendsWhatAVerticleRecordedThatEndedAtOnce() {
    createTopics(kafka);
    KafkaAuditLog audit = audit(kafka.bootstrapServers(), 10, UUID.randomUUID());

    vertx
        .deployVerticle(
            context -> {
              audit.record(event("cart", "last words"));
              return Future.succeededFuture();
            })
        .compose(vertx::undeploy)
        .toCompletionStage()
        .toCompletableFuture()
        .join();

    await().untilAsserted(() -> assertThat(queued()).isZero());
    assertThat(meters.counter(LogMeters.EVENTS_SENT).count()).isEqualTo(1);
    close(audit);
  }

  @Test
  void holdsWhatFitsWhileKafkaIsAwayAndCountsWhatDoesNot(@TempDir Path directory) {
    int port = RunningKafka.freePort();
    int controller = RunningKafka.freePort();
    KafkaAuditLog audit = audit("127.0.0.1:" + port, 10, UUID.randomUUID());

    IntStream.range(0, 25).forEach(i -> audit.record(event("cart", String.valueOf(i))));

    assertThat(meters.counter(LogMeters.EVENTS_DROPPED).count()).isEqualTo(15);
    assertThat(queued()).isEqualTo(10);
    try (RunningKafka late = RunningKafka.embedded(directory.resolve("kafka"), port, controller)) {
      createTopics(late);
      await().atMost(Duration.ofSeconds(30)).until(() -> queued() == 0);
      assertThat(meters.counter(LogMeters.EVENTS_SENT).count()).isEqualTo(10);
      assertThat(meters.counter(LogMeters.EVENTS_FAILED).count()).isZero();
      assertThat(LogDump.read(late.bootstrapServers(), Topics.CREDENTIAL_EVENTS, "read_committed"))
          .extracting(r -> SchemaJson.read(r.value(), CredentialEvent.class).message())
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      close(audit);
    }
  }

  @Test
  void endsInTimeWhileKafkaIsAway() {
    KafkaAuditLog audit = audit("127.0.0.1:" + RunningKafka.freePort(), 100, UUID.randomUUID());
    IntStream.range(0, 50).forEach(i -> audit.record(event("cart", String.valueOf(i))));
    long started = System.nanoTime();

    close(audit);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
    audit.record(event("cart", "too late"));
    await()
        .untilAsserted(
            () -> assertThat(meters.counter(LogMeters.EVENTS_FAILED).count()).isEqualTo(50));
    assertThat(meters.counter(LogMeters.EVENTS_DROPPED).count()).isEqualTo(1);
  }

  private KafkaAuditLog audit(String bootstrapServers, int maxQueued, UUID id) {
    return new KafkaAuditLog(
        vertx,
        new KafkaClients(bootstrapServers, "broker-1", Map.of()),
        maxQueued,
        () -> id,
        meters);
  }

  private static void createTopics(RunningKafka on) {
    new TopicSetup(new KafkaClients(on.bootstrapServers(), "topics", Map.of()), 1, 2)
        .ensure()
        .toCompletableFuture()
        .join();
  }

  private double queued() {
    return meters.get(LogMeters.EVENTS_QUEUED).gauge().value();
  }

  private List<ConsumerRecord<String, String>> events() {
    return events(kafka);
  }

  private List<ConsumerRecord<String, String>> events(RunningKafka of) {
    return LogDump.committed(of, Topics.CREDENTIAL_EVENTS, cluster);
  }

  private static Map<String, String> headers(ConsumerRecord<String, String> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  private static void close(KafkaAuditLog audit) {
    audit.close().toCompletionStage().toCompletableFuture().join();
  }

  private CredentialEvent event(String serviceAccount, String message) {
    return CredentialEvent.of(CredentialEvent.Type.ISSUED, TIME, "broker-1", cluster)
        .of("shop", serviceAccount)
        .under("a-12345678901234567", 1)
        .role(Asked.roleArn(serviceAccount))
        .key("ASIAEXAMPLE", TIME.plusSeconds(3_600), "request-1")
        .session("session")
        .opened(new OpenedSession(Map.of("kubernetes-namespace", "shop"), 7, 3_600, null))
        .because(null, message)
        .build();
  }
}
