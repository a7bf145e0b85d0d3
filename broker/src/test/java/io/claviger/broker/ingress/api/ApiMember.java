package io.claviger.broker.ingress.api;

import io.claviger.broker.adapter.kafka.ChangesReader;
import io.claviger.broker.adapter.kafka.CommandSender;
import io.claviger.broker.adapter.kafka.KafkaClients;
import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.adapter.kafka.LogWriter;
import io.claviger.broker.adapter.kafka.TopicSetup;
import io.claviger.broker.adapter.kubernetes.ObjectController;
import io.claviger.broker.adapter.kubernetes.ObjectOptions;
import io.claviger.broker.adapter.kubernetes.ObjectOptions.LeaseTimes;
import io.claviger.broker.association.AppliedCommands;
import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.ChangeHistory;
import io.claviger.broker.association.ClusterRules;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.broker.identity.RequestSignatures;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.telemetry.ApiMeters;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.association.Topics;
import io.claviger.schemas.bus.RefusalReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The log and the API of one broker, wired as in a broker. */
final class ApiMember implements AutoCloseable {

  static final String ACCOUNT = "123456789012";
  static final String REGION = "eu-central-1";
  private static final TokenVerification NO_TOKEN =
      new TokenVerification.Rejected(RefusalReason.INVALID_TOKEN, "no token is right here");
  private static final IssueOutcome NO_SESSION =
      new IssueOutcome.Unavailable("no session is opened here", Duration.ZERO);

  /** The length of a cluster's history for watches. */
  static final int KEPT = 400;

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AssociationTable table = new AssociationTable(Topics.PARTITIONS);
  private final CommandSender sender;
  private final ChangesReader reader;
  private final LogWriter writer;
  private final ApiServer server;
  private final AppliedCommands commands;
  private final Supplier<Grants> grants;

  private ApiMember(
      String bootstrapServers,
      String name,
      Set<String> clusters,
      Supplier<Grants> grants,
      RequestSignatures signatures,
      Path sealingKeys,
      ApiLimits limits) {
    KafkaClients clients = new KafkaClients(bootstrapServers, name, Map.of());
    InstantSource clock = InstantSource.system();
    sender = new CommandSender(vertx, clients, DEADLINE);
    reader = new ChangesReader(vertx, clients, table, clock, meters);
    writer =
        new LogWriter(
            clients,
            GroupProtocol.CONSUMER,
            new TopicSetup(clients, 1, 2),
            new AssociationDecisions(
                byName(clusters, ApiMember::rules), grants, clock, new SecureRandom()),
            (log, inLog) -> List.of(),
            meters);
    this.grants = grants;
    commands = new AppliedCommands(sender, table);
    table.listen(commands);
    table.listenForRevocations(commands);
    ChangeHistory history = new ChangeHistory(KEPT);
    table.listen(history);
    ApiOperations operations =
        ApiOperations.of(
            new ApiOperations.Ports(
                byName(clusters, ApiMember::profile),
                clusters.stream().map(ApiMember::description).toList(),
                grants,
                new AssociationCatalog(table, reader),
                new AssociationWatches(table, history, reader),
                commands,
                new Sealer(
                    ApiOperations.PAGE_TOKENS, SealingKeys.open(sealingKeys), new SecureRandom()),
                (token, caller, priority) -> CompletableFuture.completedFuture(NO_TOKEN),
                (workload, priority, minPosition, wait) ->
                    CompletableFuture.completedFuture(NO_SESSION),
                clock,
                UUID::randomUUID));
    server =
        new ApiServer(
            new HostPort("127.0.0.1", 0),
            Optional.empty(),
            limits,
            signatures,
            operations,
            new ApiMeters(meters),
            clock);
  }

  /** Starts a broker's API and waits until it answers and the table has caught up. */
  static ApiMember start(
      String bootstrapServers,
      String name,
      Set<String> clusters,
      Supplier<Grants> grants,
      RequestSignatures signatures,
      Path sealingKeys,
      ApiLimits limits) {
    ApiMember member =
        new ApiMember(bootstrapServers, name, clusters, grants, signatures, sealingKeys, limits);
    var unused =
        member
            .writer
            .start()
            .thenRun(
                () -> {
                  member.sender.start();
                  member.reader.start();
                });
    await(member.vertx.deployVerticle(member.server));
    return member;
  }

  private static <T> Map<String, T> byName(Set<String> clusters, Function<String, T> part) {
    return clusters.stream().collect(Collectors.toMap(name -> name, part));
  }

  private static ClusterRules rules(String cluster) {
    return new ClusterRules(cluster, ACCOUNT, false, 5_000);
  }

  private static ClusterProfile profile(String cluster) {
    String arn = "arn:aws:eks:" + REGION + ":" + ACCOUNT + ":cluster/" + cluster;
    return new ClusterProfile(cluster, arn, ACCOUNT, REGION, TagScope.SERVICE_ACCOUNT);
  }

  private static ClusterDescription description(String cluster) {
    return new ClusterDescription(
        cluster, profile(cluster).arn(), "https://issuer.example.org/" + cluster, null);
  }

  boolean caughtUp() {
    return table.caughtUp() && reader.up();
  }

  /** Starts a controller of a cluster's objects, wired as in a broker. */
  ObjectController objects(String cluster, URI apiServer, Path tokenFile) {
    InstantSource clock = InstantSource.system();
    AssociationArns arns = new AssociationArns(Map.of(cluster, profile(cluster)));
    ObjectController controller =
        ObjectController.open(
            vertx,
            apiServer,
            tokenFile,
            tokenFile,
            new ObjectController.Ports(
                new ObjectReconciliation(
                    commands, table, grants, clock, () -> UUID.randomUUID().toString()),
                table,
                grants,
                arns::of,
                arns::externalId,
                clock,
                new ObjectMeters(meters, cluster)),
            new ObjectOptions(
                cluster,
                "claviger",
                "broker-1",
                true,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                LeaseTimes.USUAL));
    table.listen(controller);
    controller.start();
    return controller;
  }

  /** The number of the log's partitions that this broker writes. */
  double writes() {
    return meters.get(LogMeters.WRITER_PARTITIONS).gauge().value();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  @Override
  public void close() {
    writer.close();
    await(Future.join(sender.close(), reader.close()).eventually(vertx::close));
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
