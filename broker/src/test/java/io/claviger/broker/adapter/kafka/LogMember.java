package io.claviger.broker.adapter.kafka;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.BrokersTables;
import io.claviger.broker.association.ClusterRules;
import io.claviger.broker.association.ConsistentAssociations;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.KnownTables;
import io.claviger.broker.association.SnapshotTransfer;
import io.claviger.broker.association.TableAge;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The association log's part of one broker, wired as in a broker. */
final class LogMember implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AssociationTable table = new AssociationTable(Topics.PARTITIONS);
  private final CommandSender sender;
  private final ChangesReader reader;
  private final LogWriter writer;

  /**
   * The differences between members.
   *
   * @param clock of its decisions
   * @param properties of its Kafka clients
   * @param others other brokers' tables
   */
  record Options(
      GroupProtocol protocol,
      InstantSource clock,
      Map<String, String> properties,
      KnownTables others) {
    static final Options USUAL = of(GroupProtocol.CONSUMER);

    Options(GroupProtocol protocol, InstantSource clock, Map<String, String> properties) {
      this(protocol, clock, properties, (log, inLog) -> List.of());
    }

    static Options of(GroupProtocol protocol) {
      return new Options(protocol, InstantSource.system(), Map.of());
    }

    Options with(KnownTables others) {
      return new Options(protocol, clock, properties, others);
    }
  }

  private LogMember(String bootstrapServers, String name, String cluster, Options options) {
    KafkaClients clients = new KafkaClients(bootstrapServers, name, options.properties());
    ClusterRules rules = new ClusterRules(cluster, Asked.ACCOUNT, false, 5_000);
    sender = new CommandSender(vertx, clients, DEADLINE);
    reader = new ChangesReader(vertx, clients, table, InstantSource.system(), meters);
    writer =
        new LogWriter(
            clients,
            options.protocol(),
            new TopicSetup(clients, 1, 2),
            new AssociationDecisions(
                Map.of(cluster, rules),
                () -> new Grants(List.of(Grant.ofEverything(Asked.ACTOR))),
                options.clock(),
                new SecureRandom()),
            (log, inLog) ->
                Stream.of(knownTables(cluster), options.others())
                    .flatMap(tables -> tables.further(log, inLog).stream())
                    .toList(),
            meters);
  }

  static LogMember start(RunningKafka kafka, String name, String cluster) {
    return start(kafka.bootstrapServers(), name, cluster, Options.USUAL);
  }

  static LogMember start(String bootstrapServers, String name, String cluster, Options options) {
    LogMember member = new LogMember(bootstrapServers, name, cluster, options);
    var unused =
        member
            .writer
            .start()
            .thenRun(
                () -> {
                  member.sender.start();
                  member.reader.start();
                });
    return member;
  }

  AssociationTable table() {
    return table;
  }

  /** The tables of this member only. */
  KnownTables knownTables(String cluster) {
    SnapshotTransfer none =
        new SnapshotTransfer(
            (nodeId, request) -> CompletableFuture.failedFuture(new IllegalStateException(nodeId)),
            InstantSource.system(),
            Runnable::run);
    return new BrokersTables(table, Set.of(cluster), List::of, none);
  }

  /** Continues to read, but stops to write. */
  void stopWriting() {
    writer.close();
  }

  ChangesReader reader() {
    return reader;
  }

  ConsistentAssociations associations() {
    return new ConsistentAssociations(
        table, reader, new TableAge(Optional.empty(), () -> Duration.ZERO));
  }

  CompletableFuture<AssociationOutcome> send(AssociationCommand command) {
    return sender.send(command).toCompletableFuture();
  }

  AssociationOutcome decided(AssociationCommand command) {
    return send(command).join();
  }

  Accepted accepted(AssociationCommand command) {
    return (Accepted) decided(command).result();
  }

  Refused refused(AssociationCommand command) {
    return (Refused) decided(command).result();
  }

  CommandSender sender() {
    return sender;
  }

  /** Returns a counter or a gauge; 0 if there is none. */
  double meter(String name, String... tags) {
    var counter = meters.find(name).tags(tags).counter();
    var gauge = meters.find(name).tags(tags).gauge();
    return counter != null ? counter.count() : gauge != null ? gauge.value() : 0;
  }

  boolean topicsRefused() {
    return writer.topicsRefused();
  }

  CompletableFuture<Void> firstLook() {
    return writer.firstLook().toCompletableFuture();
  }

  void closeWriter() {
    writer.close();
  }

  @Override
  public void close() {
    writer.close();
    Future.join(sender.close(), reader.close())
        .eventually(vertx::close)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }
}
