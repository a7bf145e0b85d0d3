package io.claviger.attack;

import io.claviger.broker.adapter.kafka.ClusterPartition;
import io.claviger.broker.adapter.kafka.EventReader;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeterReading;
import io.claviger.localmesh.Polling;
import io.claviger.schemas.association.Topics;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Invalid records in Kafka, written by a client that is no broker. An unreadable head of the log is
 * not among them. A new writer then decides nothing, so a client with write access to the changes
 * can stop the log.
 */
final class KafkaAttacks {

  private static final String WHO = "a client with write access to Kafka";
  private static final String MALFORMED = "claviger_log_malformed_total{topic=\"%s\"";
  private static final String REFUSED = "claviger_log_commands_total{result=\"%s\"";
  private static final Duration PASSED_OVER = Duration.ofSeconds(10);

  private KafkaAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "kafka-commands",
            WHO,
            "commands that are unreadable, too long, or beyond their actor's grants",
            KafkaAttacks::commands),
        new Attack("kafka-changes", WHO, "unreadable changes", KafkaAttacks::changes),
        new Attack(
            "kafka-outcomes-and-events",
            WHO,
            "unreadable outcomes and events",
            KafkaAttacks::outcomesAndEvents));
  }

  static void commands(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    String cluster = mesh.options().cluster().name();
    int partition = ClusterPartition.of(cluster);
    try (KafkaWriter kafka = new KafkaWriter(mesh)) {
      Map<String, byte @Nullable []> values = KafkaRecords.garbage();
      values.put(
          "an unknown type", KafkaRecords.command(cluster, KafkaRecords.ADMIN, "grant-all", ""));
      values.put(
          "a class for a type",
          KafkaRecords.command(cluster, KafkaRecords.ADMIN, "java.util.HashMap", ""));
      values.put("no operation", KafkaRecords.bytes("{\"version\":1,\"cluster\":\"local\"}"));
      values.put("no cluster", KafkaRecords.create("", KafkaRecords.ADMIN, ""));
      values.put("no actor", KafkaRecords.create(cluster, "", ""));
      values.put(
          "more than 128 KB",
          KafkaRecords.create(cluster, KafkaRecords.ADMIN, "x".repeat(130 * 1024)));
      values.put(
          "an object for a text",
          KafkaRecords.command(cluster, KafkaRecords.ADMIN, "delete", "\"associationId\":{}"));
      for (Map.Entry<String, byte @Nullable []> value : values.entrySet()) {
        passedOver(
            mesh,
            tally,
            "a command of " + value.getKey(),
            MALFORMED.formatted(Topics.COMMANDS),
            () ->
                kafka.write(
                    KafkaRecords.record(Topics.COMMANDS, partition, cluster, value.getValue())));
      }
      passedOver(
          mesh,
          tally,
          "a command in another cluster's partition",
          MALFORMED.formatted(Topics.COMMANDS),
          () ->
              kafka.write(
                  KafkaRecords.record(
                      Topics.COMMANDS,
                      (partition + 1) % Topics.PARTITIONS,
                      cluster,
                      KafkaRecords.create(cluster, KafkaRecords.ADMIN, ""))));
      refusedByTheWriter(mesh, tally, kafka);
    }
    goesOn(mesh, tally, "commands");
  }

  private static void refusedByTheWriter(LocalMesh mesh, Tally tally, KafkaWriter kafka)
      throws InterruptedException {
    String cluster = mesh.options().cluster().name();
    passedOver(
        mesh,
        tally,
        "a command for an unknown cluster",
        REFUSED.formatted("ResourceNotFoundException"),
        () ->
            kafka.write(
                KafkaRecords.record(
                    Topics.COMMANDS,
                    ClusterPartition.of("elsewhere"),
                    "elsewhere",
                    KafkaRecords.create("elsewhere", KafkaRecords.ADMIN, ""))));
    for (String actor : List.of("key/nobody", "nobody", "namespace/nobody", "key/ADMIN")) {
      passedOver(
          mesh,
          tally,
          "a command of " + actor + ", which has no grant",
          REFUSED.formatted("AccessDeniedException"),
          () ->
              kafka.write(
                  KafkaRecords.record(
                      Topics.COMMANDS,
                      ClusterPartition.of(cluster),
                      cluster,
                      KafkaRecords.create(cluster, actor, ""))));
    }
  }

  static void changes(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    String cluster = mesh.options().cluster().name();
    int partition = ClusterPartition.of(cluster);
    String key = cluster + "/" + KafkaRecords.NAMESPACE + "/forged";
    try (KafkaWriter kafka = new KafkaWriter(mesh)) {
      Map<String, byte @Nullable []> values = KafkaRecords.garbage();
      values.remove("nothing");
      for (Map.Entry<String, byte @Nullable []> value : values.entrySet()) {
        everywhere(
            mesh,
            tally,
            "a change of " + value.getKey(),
            () ->
                kafka.write(KafkaRecords.record(Topics.CHANGES, partition, key, value.getValue())));
      }
      tally.refuses(
          "a change without a key",
          kafka.refusal(
              new ProducerRecord<byte[], byte[]>(
                  Topics.CHANGES, partition, null, KafkaRecords.bytes("{}"))),
          reason -> reason.contains("without key"));
      everywhere(
          mesh,
          tally,
          "a removal without headers",
          () -> kafka.write(KafkaRecords.record(Topics.CHANGES, partition, key, null)));
      for (String sequence :
          List.of("", "one", "-1", "1e3", "9223372036854775807", "99999999999999999999")) {
        everywhere(
            mesh,
            tally,
            "a removal at position '" + sequence + "'",
            () ->
                kafka.write(
                    KafkaRecords.removal(
                        KafkaRecords.record(Topics.CHANGES, partition, key, null), sequence)));
      }
    }
    goesOn(mesh, tally, "changes");
  }

  static void outcomesAndEvents(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    String cluster = mesh.options().cluster().name();
    Instant begin = Instant.now();
    try (KafkaWriter kafka = new KafkaWriter(mesh)) {
      for (Map.Entry<String, byte @Nullable []> value : KafkaRecords.garbage().entrySet()) {
        int partition = ClusterPartition.of(cluster);
        kafka.write(
            KafkaRecords.record(Topics.OUTCOMES, partition, cluster + "/x", value.getValue()));
        goesOn(mesh, tally, "an outcome of " + value.getKey());
        kafka.write(
            KafkaRecords.record(Topics.CREDENTIAL_EVENTS, partition, cluster, value.getValue()));
        tally.refuses(
            "an event of " + value.getKey(),
            recorded(mesh, begin),
            events -> !events.isEmpty() && events.stream().allMatch(KafkaAttacks::isOurs));
      }
    }
  }

  /** Reads the audit stream; empty where it cannot be read. */
  private static List<CloudEvent> recorded(LocalMesh mesh, Instant since) {
    List<CloudEvent> events = new CopyOnWriteArrayList<>();
    try {
      EventReader.read(
          Map.of("bootstrap.servers", mesh.bootstrapServers()),
          since,
          false,
          events::add,
          () -> {});
      return events;
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isOurs(CloudEvent event) {
    return event.getSource().getPath().startsWith("/claviger/members/");
  }

  /** Only the partition's writer reads the record, and counts it once. */
  private static void passedOver(
      LocalMesh mesh, Tally tally, String input, String counter, Runnable write)
      throws InterruptedException {
    List<URI> all = mesh.brokers().stream().map(BrokerMember::metrics).toList();
    double before = MeterReading.of(all, counter);
    write.run();
    tally.refuses(
        input,
        MeterReading.once(all, counter, now -> now > before, PASSED_OVER) - before,
        count -> count == 1);
  }

  /** Every broker reads the changes, and counts the record. */
  private static void everywhere(LocalMesh mesh, Tally tally, String input, Runnable write)
      throws InterruptedException {
    String counter = MALFORMED.formatted(Topics.CHANGES);
    Map<BrokerMember, Double> before = new LinkedHashMap<>();
    for (BrokerMember broker : mesh.brokers()) {
      before.put(broker, MeterReading.of(broker.metrics(), counter));
    }
    write.run();
    for (Map.Entry<BrokerMember, Double> broker : before.entrySet()) {
      double was = broker.getValue();
      tally.refuses(
          input + " at " + broker.getKey().member().name(),
          MeterReading.once(
                  List.of(broker.getKey().metrics()), counter, now -> now > was, PASSED_OVER)
              - was,
          count -> count == 1);
    }
  }

  /** A valid change through every broker still reaches every broker and an edge. */
  private static void goesOn(LocalMesh mesh, Tally tally, String after)
      throws InterruptedException {
    EdgeMember edge = mesh.edge(2);
    for (BrokerMember broker : mesh.brokers()) {
      String name = "after-" + UUID.randomUUID();
      HttpReply made =
          ApiCaller.admin(mesh, broker).create(KafkaRecords.NAMESPACE, name, ApiCaller.role(name));
      tally.permits("a change after " + after, made, reply -> reply.is(200));
      for (BrokerMember other : mesh.brokers()) {
        tally.permits(
            "what was changed after " + after,
            Polling.within(PASSED_OVER)
                .until(() -> listed(mesh, other, name), KafkaAttacks::isThere),
            KafkaAttacks::isThere);
        tally.refuses(
            "what all that was written would make, after " + after,
            listed(mesh, other, "forged"),
            reply -> reply.is(200) && reply.list("associations").isEmpty());
      }
      String token = mesh.token(KafkaRecords.NAMESPACE, name, name + "-0", edge.node());
      tally.permits(
          "a pod that was given a role after " + after,
          Polling.within(PASSED_OVER)
              .until(() -> PodSocket.ask(edge, token), reply -> reply.is(200)),
          reply -> reply.is(200));
    }
  }

  private static HttpReply listed(LocalMesh mesh, BrokerMember broker, String serviceAccount) {
    ApiCaller reader = ApiCaller.admin(mesh, broker);
    return reader.call(
        ApiRequest.get(
            reader.path(
                "/pod-identity-associations?namespace="
                    + KafkaRecords.NAMESPACE
                    + "&serviceAccount="
                    + serviceAccount)));
  }

  private static boolean isThere(HttpReply reply) {
    return reply.is(200) && reply.list("associations").size() == 1;
  }
}
