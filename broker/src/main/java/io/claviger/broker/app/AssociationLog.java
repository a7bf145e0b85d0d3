package io.claviger.broker.app;

import io.claviger.broker.adapter.kafka.ChangesReader;
import io.claviger.broker.adapter.kafka.KafkaClients;
import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.adapter.kafka.LogWriter;
import io.claviger.broker.adapter.kafka.TopicSetup;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.CatchUp;
import io.claviger.broker.association.CertainAssociations;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.TableAge;
import io.claviger.schemas.association.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The association log of one broker, wired: the table and what reads it, the writer. */
final class AssociationLog {

  private static final Duration AGE_CHECK = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final KafkaClients clients;
  private final AssociationTable table = new AssociationTable(Topics.PARTITIONS);
  private final ChangesReader reader;
  private final TableAge age;
  private final CertainAssociations associations;
  private final LogWriter writer;

  AssociationLog(
      Vertx vertx,
      BrokerSettings settings,
      RegisteredClusters clusters,
      Supplier<Grants> grants,
      InstantSource clock,
      MeterRegistry meters) {
    this.vertx = vertx;
    BrokerSettings.Kafka kafka = settings.kafka();
    clients = new KafkaClients(kafka.bootstrapServers(), settings.name(), kafka.properties());
    reader = new ChangesReader(vertx, clients, table, meters);
    age = new TableAge(settings.maxStaleAuthority(), reader::age);
    associations = new CertainAssociations(table, reader, age);
    writer =
        new LogWriter(
            clients,
            GroupProtocol.of(kafka.groupProtocol()),
            new TopicSetup(clients, kafka.replicationFactor()),
            new AssociationDecisions(clusters.rules(), grants, clock, new SecureRandom()),
            meters);
  }

  KafkaClients clients() {
    return clients;
  }

  AssociationTable table() {
    return table;
  }

  Associations associations() {
    return associations;
  }

  CatchUp catchUp() {
    return associations;
  }

  boolean caughtUp() {
    return table.caughtUp();
  }

  /** Starts reading and, where this broker gets partitions, writing; Kafka may be away. */
  void start() {
    var unused = writer.start().thenRun(reader::start);
    vertx.setPeriodic(AGE_CHECK.toMillis(), timer -> age.tooOld());
  }

  Future<Void> close() {
    return vertx
        .executeBlocking(
            () -> {
              writer.close();
              return true;
            })
        .compose(closed -> reader.close());
  }
}
