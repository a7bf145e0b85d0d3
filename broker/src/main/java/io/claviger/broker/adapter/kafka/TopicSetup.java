package io.claviger.broker.adapter.kafka;

import io.claviger.broker.adapter.kafka.TopicCheck.Found;
import io.claviger.schemas.association.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates missing topics. Rejects existing topics that would lose records of the log, and a Kafka
 * whose transactions would.
 */
public final class TopicSetup {

  private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

  private final KafkaClients clients;
  private final TopicCheck check;

  /**
   * Sets up the topics of a Kafka.
   *
   * @param replicationFactor of created topics; existing topics need at least as many replicas
   * @param minTransactionVersion the minimum {@code transaction.version} of Kafka; values under 2
   *     log a warning, values over 2 count as 2
   */
  public TopicSetup(KafkaClients clients, int replicationFactor, int minTransactionVersion) {
    this.clients = clients;
    this.check =
        new TopicCheck(clients.bootstrapServers(), replicationFactor, minTransactionVersion);
  }

  /**
   * Completes once every topic exists and is usable. Fails with {@link UnfitKafkaException} if a
   * topic or Kafka's transactions are unusable. Fails otherwise if Kafka is unavailable or denies
   * access.
   */
  public CompletionStage<Void> ensure() {
    Admin admin = clients.admin("topics");
    return admin
        .listTopics()
        .names()
        .toCompletionStage()
        .thenCompose(names -> createMissing(admin, names).thenCompose(done -> look(admin, names)))
        .whenComplete((done, failure) -> closeSoon(admin));
  }

  private CompletionStage<Void> createMissing(Admin admin, Set<String> names) {
    CompletableFuture<?>[] creations =
        Topics.all().stream()
            .filter(topic -> !names.contains(topic.name()))
            .map(topic -> create(admin, topic).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(creations);
  }

  private CompletionStage<Void> create(Admin admin, Topics.Definition topic) {
    Map<String, String> settings = new HashMap<>(topic.settings());
    if (topic.log()) {
      settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "" + check.minInSync());
    }
    NewTopic wanted =
        new NewTopic(topic.name(), topic.partitions(), (short) check.replicationFactor())
            .configs(settings);
    return admin
        .createTopics(List.of(wanted))
        .all()
        .toCompletionStage()
        .thenAccept(done -> LOG.atInfo().addKeyValue("topic", topic.name()).log("topic created"))
        // Another broker was quicker.
        .exceptionallyCompose(
            failure ->
                Failures.cause(failure) instanceof TopicExistsException
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<Void> look(Admin admin, Set<String> names) {
    List<Topics.Definition> found =
        Topics.all().stream().filter(topic -> names.contains(topic.name())).toList();
    return admin
        .describeTopics(found.stream().map(Topics.Definition::name).toList())
        .allTopicNames()
        .toCompletionStage()
        .thenCombine(settings(admin, found), (topics, settings) -> wrong(found, topics, settings))
        .thenCombine(transactions(admin), TopicSetup::both)
        .thenCompose(
            wrong ->
                wrong.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new UnfitKafkaException(wrong)));
  }

  private static List<KafkaMismatch> both(
      List<KafkaMismatch> topics, Optional<KafkaMismatch> transactions) {
    return Stream.concat(transactions.stream(), topics.stream()).toList();
  }

  /** A Kafka without the feature, or without features at all, has version 0. */
  private CompletionStage<Optional<KafkaMismatch>> transactions(Admin admin) {
    return admin
        .describeFeatures()
        .featureMetadata()
        .toCompletionStage()
        .thenApply(FeatureMetadata::finalizedFeatures)
        .exceptionallyCompose(
            failure ->
                Failures.cause(failure) instanceof UnsupportedVersionException
                    ? CompletableFuture.completedFuture(Map.of())
                    : CompletableFuture.failedFuture(failure))
        .thenApply(
            features -> {
              FinalizedVersionRange range = features.get(TopicCheck.TRANSACTIONS);
              return unbearable(range == null ? 0 : range.maxVersionLevel());
            });
  }

  private Optional<KafkaMismatch> unbearable(int version) {
    Optional<KafkaMismatch> wrong = check.transactions(version);
    if (wrong.isPresent() && version >= check.minTransactionVersion()) {
      LOG.atWarn()
          .addKeyValue("kafka", wrong.get())
          .log("kafka may lose changes when one of its brokers fails");
      return Optional.empty();
    }
    return wrong;
  }

  private List<KafkaMismatch> wrong(
      List<Topics.Definition> found,
      Map<String, TopicDescription> topics,
      Map<String, Map<String, String>> settings) {
    return found.stream()
        .flatMap(topic -> wrong(topic, topics.get(topic.name()), settings).stream())
        .toList();
  }

  private List<KafkaMismatch> wrong(
      Topics.Definition topic,
      @Nullable TopicDescription description,
      Map<String, Map<String, String>> settings) {
    if (description == null) {
      return List.of();
    }
    int replicas =
        description.partitions().stream().mapToInt(one -> one.replicas().size()).min().orElse(0);
    Map<String, String> set = settings.getOrDefault(topic.name(), Map.of());
    return check.compare(topic, new Found(description.partitions().size(), replicas, set));
  }

  /**
   * A client that may use the topics may lack the permission to read their settings: they are
   * unknown then.
   */
  private static CompletionStage<Map<String, Map<String, String>>> settings(
      Admin admin, List<Topics.Definition> topics) {
    return admin
        .describeConfigs(topics.stream().map(topic -> resource(topic.name())).toList())
        .all()
        .toCompletionStage()
        .thenApply(TopicSetup::byTopic)
        .exceptionallyCompose(
            failure -> {
              Throwable cause = Failures.cause(failure);
              if (!(cause instanceof AuthorizationException)) {
                return CompletableFuture.failedFuture(cause);
              }
              LOG.atWarn()
                  .addKeyValue("cause", cause.toString())
                  .log("the topics' settings are unknown");
              return CompletableFuture.completedFuture(Map.of());
            });
  }

  private static Map<String, Map<String, String>> byTopic(Map<ConfigResource, Config> configs) {
    return configs.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().name(),
                entry ->
                    entry.getValue().entries().stream()
                        .filter(setting -> setting.value() != null)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value))));
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** Not on the admin client's own thread, which would wait for itself. */
  private static void closeSoon(Admin admin) {
    Thread.ofVirtual().start(admin::close);
  }
}
