package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that are not there. Those that are stay as they are; one whose clean-up policy
 * would lose what it must keep is named in a warning.
 */
public final class TopicSetup {

  private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

  private final KafkaClients clients;
  private final short replicationFactor;

  /**
   * For a Kafka.
   *
   * @param replicationFactor of topics that are created
   */
  public TopicSetup(KafkaClients clients, int replicationFactor) {
    this.clients = clients;
    this.replicationFactor = (short) replicationFactor;
  }

  /** Completes once every topic exists; fails when Kafka is away or does not allow it. */
  public CompletionStage<Void> ensure() {
    Admin admin = clients.admin("topics");
    return admin
        .listTopics()
        .names()
        .toCompletionStage()
        .thenCompose(
            names ->
                createMissing(admin, names)
                    .thenCompose(created -> warnOfWrongPolicies(admin, names)))
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
    NewTopic wanted =
        new NewTopic(topic.name(), topic.partitions(), replicationFactor).configs(topic.settings());
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

  private static CompletionStage<Void> warnOfWrongPolicies(Admin admin, Set<String> names) {
    List<Topics.Definition> found =
        Topics.all().stream().filter(topic -> names.contains(topic.name())).toList();
    return admin
        .describeConfigs(found.stream().map(topic -> resource(topic.name())).toList())
        .all()
        .toCompletionStage()
        .thenAccept(configs -> found.forEach(topic -> compare(topic, configs)))
        // Who may use the topics need not be allowed to see how they are set.
        .exceptionally(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("cause", Failures.cause(failure).toString())
                  .log("the topics' cleanup policies are not known");
              return null;
            });
  }

  private static void compare(Topics.Definition topic, Map<ConfigResource, Config> found) {
    Config config = found.get(resource(topic.name()));
    ConfigEntry entry = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    String wanted = topic.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (entry != null && wanted != null && !policies(wanted).equals(policies(entry.value()))) {
      LOG.atWarn()
          .addKeyValue("topic", topic.name())
          .addKeyValue("policy", entry.value())
          .addKeyValue("wanted", wanted)
          .log("topic has another cleanup policy than it needs");
    }
  }

  private static Set<String> policies(String text) {
    return Set.of(text.split("\\s*,\\s*"));
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** Not on the admin's own thread: it would wait for itself. */
  private static void closeSoon(Admin admin) {
    Thread.ofVirtual().start(admin::close);
  }
}
