package io.claviger.broker.app;

import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.broker.adapter.kafka.ChangesReader;
import io.claviger.broker.adapter.kafka.CommandSender;
import io.claviger.broker.adapter.kafka.KafkaClients;
import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.adapter.kafka.LogWriter;
import io.claviger.broker.adapter.kafka.TopicSetup;
import io.claviger.broker.adapter.kafka.UnfitKafkaException;
import io.claviger.broker.adapter.peers.BusPeerSnapshots;
import io.claviger.broker.adapter.peers.PeerSnapshotFetch;
import io.claviger.broker.adapter.peers.SnapshotVerticle;
import io.claviger.broker.association.AppliedCommands;
import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.BrokersTables;
import io.claviger.broker.association.CatchUp;
import io.claviger.broker.association.ChangeHistory;
import io.claviger.broker.association.ConsistentAssociations;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.Permissions;
import io.claviger.broker.association.SnapshotHandler;
import io.claviger.broker.association.SnapshotTransfer;
import io.claviger.broker.association.TableAge;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.association.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Wires the association log of one broker: the table with its readers, and the writer. */
final class AssociationLog {

  private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(5);
  private static final Duration MIN_AGE = Duration.ofSeconds(3);
  private static final Duration AGE_CHECK = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final KafkaClients clients;
  private final AssociationTable table = new AssociationTable(Topics.PARTITIONS);
  private final ChangeHistory history = new ChangeHistory(ChangeHistory.KEPT);
  private final ChangesReader reader;
  private final TableAge age;
  private final ConsistentAssociations associations;
  private final LogWriter writer;
  private final CommandSender sender;
  private final AppliedCommands commands;
  private final PeerSnapshotFetch fetch;
  private final SnapshotVerticle snapshots;
  private final Supplier<TableStatus> status;
  private final Permissions permissions;

  AssociationLog(
      ClusteredVertx joined,
      BrokerSettings settings,
      RegisteredClusters clusters,
      Supplier<Grants> grants,
      InstantSource clock,
      MeterRegistry meters) {
    vertx = joined.vertx();
    BrokerSettings.Kafka kafka = settings.kafka();
    clients = new KafkaClients(kafka.bootstrapServers(), settings.name(), kafka.properties());
    reader = new ChangesReader(vertx, clients, table, clock, meters);
    Supplier<Set<String>> others = () -> PeerMembers.nodeIds(joined.hazelcast());
    SnapshotTransfer transfer =
        new SnapshotTransfer(new BusPeerSnapshots(vertx.eventBus()), clock, this::onWorker);
    age = new TableAge(bearable(settings), ageOf(table, clock));
    associations = new ConsistentAssociations(table, reader, age);
    writer =
        new LogWriter(
            clients,
            GroupProtocol.of(kafka.groupProtocol()),
            new TopicSetup(clients, kafka.replicationFactor(), kafka.minTransactionVersion()),
            new AssociationDecisions(clusters.rules(), grants, clock, new SecureRandom()),
            new BrokersTables(table, clusters.rules().keySet(), others, transfer),
            meters);
    sender = new CommandSender(vertx, clients, COMMAND_DEADLINE);
    commands = new AppliedCommands(sender, table);
    table.listen(commands);
    table.listenForRevocations(commands);
    table.listen(history);
    fetch =
        new PeerSnapshotFetch(
            vertx,
            others,
            transfer,
            () -> !table.caughtUp() && !reader.up(),
            fetched -> reader.adopt(fetched.snapshot(), fetched.asOf()));
    snapshots = new SnapshotVerticle(new SnapshotHandler(table, clock), joined.nodeId());
    permissions = Permissions.of(grants, table.revocations());
    status = () -> TableStatus.of(table, clock.instant());
  }

  private void onWorker(Runnable work) {
    var unused =
        vertx.executeBlocking(
            () -> {
              work.run();
              return null;
            });
  }

  private static Optional<Duration> bearable(BrokerSettings settings) {
    Optional<Duration> most = settings.maxStaleness();
    if (most.isPresent() && most.get().compareTo(MIN_AGE) < 0) {
      throw new SettingsException(
          "claviger.broker: max-staleness must be at least 3 s: the log is checked once a second");
    }
    return most;
  }

  /** A table that has never been current is as old as this process. */
  private static Supplier<Duration> ageOf(AssociationTable table, InstantSource clock) {
    Instant started = clock.instant();
    return () -> Duration.between(table.asOf().orElse(started), clock.instant());
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

  /** Returns the read side for operators: by id and by page, as current as the log. */
  AssociationCatalog catalog() {
    return new AssociationCatalog(table, reader);
  }

  /** Returns the watches of changes. */
  AssociationWatches watches() {
    return new AssociationWatches(table, history, reader);
  }

  /**
   * Returns the sender of commands to the writer, wherever it runs. An outcome arrives once this
   * broker's table contains the change.
   */
  AssociationCommands commands() {
    return commands;
  }

  /**
   * Returns the decision whether an association may issue its role: still granted, and not revoked.
   */
  Permissions permissions() {
    return permissions;
  }

  CatchUp catchUp() {
    return associations;
  }

  /** Returns how long the table may have missed changes, and whether that is acceptable. */
  TableAge age() {
    return age;
  }

  boolean caughtUp() {
    return table.caughtUp();
  }

  /** Returns the state of the table for an operator; not for an event loop. */
  TableStatus status() {
    return status.get();
  }

  /** Returns whether an operator must correct the log's topics before this broker reads them. */
  boolean topicsRefused() {
    return writer.topicsRefused();
  }

  /** Offers the table to other brokers. */
  Future<?> show() {
    return vertx.deployVerticle(snapshots);
  }

  /**
   * Starts to read and, where this broker is assigned partitions, to write. Kafka may be
   * unavailable.
   *
   * @return fails if Kafka or its topics are unusable, with what the operator has to correct
   */
  Future<Void> start() {
    var unused =
        writer
            .start()
            .thenRun(
                () -> {
                  reader.start();
                  sender.start();
                });
    fetch.start();
    vertx.setPeriodic(AGE_CHECK.toMillis(), timer -> age.tooOld());
    return Future.fromCompletionStage(writer.firstLook(), vertx.getOrCreateContext())
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof UnfitKafkaException wrong
                        ? new SettingsException(String.valueOf(wrong.getMessage()))
                        : failure));
  }

  Future<Void> close() {
    return vertx
        .executeBlocking(
            () -> {
              writer.close();
              return true;
            })
        .compose(closed -> Future.join(sender.close(), reader.close()))
        .mapEmpty();
  }
}
