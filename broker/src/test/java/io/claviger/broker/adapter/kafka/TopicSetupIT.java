package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.schemas.association.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uses a separate Kafka, because its changes to topics would affect other tests. */
@Timeout(60)
final class TopicSetupIT {

  private static final ConfigResource CHANGES =
      new ConfigResource(ConfigResource.Type.TOPIC, Topics.CHANGES);

  private static final String TRANSACTIONS = "transaction.version";

  @TempDir private Path directory;
  private RunningKafka kafka;
  private Admin admin;

  @BeforeEach
  void startKafka() {
    kafka =
        RunningKafka.embedded(
            directory.resolve("kafka"), RunningKafka.freePort(), RunningKafka.freePort());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterEach
  void stopKafka() {
    admin.close();
    kafka.close();
  }

  private CompletableFuture<Void> ensure(int replicationFactor) {
    return ensure(replicationFactor, 2);
  }

  private CompletableFuture<Void> ensure(int replicationFactor, int minTransactionVersion) {
    KafkaClients clients = new KafkaClients(kafka.bootstrapServers(), "topics", Map.of());
    return new TopicSetup(clients, replicationFactor, minTransactionVersion)
        .ensure()
        .toCompletableFuture();
  }

  /** The controller has created them; a Kafka broker's answer shows them slightly later. */
  private void awaitTopics() {
    List<String> names = Topics.all().stream().map(Topics.Definition::name).toList();
    await().until(() -> admin.listTopics().names().get().containsAll(names));
  }

  private String setting(String name) throws Exception {
    Config config = admin.describeConfigs(List.of(CHANGES)).all().get().get(CHANGES);
    return config == null ? "" : config.get(name).value();
  }

  private void set(String name, String value) throws Exception {
    var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(CHANGES, List.of(change))).all().get();
    // The controller has answered; a Kafka broker's answer shows it slightly later.
    await().until(() -> setting(name).equals(value));
  }

  @Test
  void createsWhatIsMissingAsItHasToBeAndFindsItSoAfterwards() throws Exception {
    ensure(1).join();
    awaitTopics();

    assertThat(setting("cleanup.policy")).isEqualTo("compact");
    assertThat(setting("min.insync.replicas")).isEqualTo("1");
    assertThat(ensure(1)).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void refusesTopicsThatAreOtherwiseAndNamesThemAll() throws Exception {
    admin.createTopics(List.of(new NewTopic(Topics.COMMANDS, 2, (short) 1))).all().get();
    ensure(1).exceptionally(failure -> null).join();
    awaitTopics();
    set("cleanup.policy", "delete");

    assertThat(ensure(1))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnfitKafkaException.class)
        .withMessageContaining("topic claviger.association-changes has cleanup.policy=delete")
        .withMessageContaining("topic claviger.association-commands has 2 partitions");
  }

  @Test
  void refusesFewerReplicasThanAreWanted() {
    ensure(1).join();
    awaitTopics();

    assertThat(ensure(3))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .withMessageContaining("has 1 replicas, needs 3 replicas")
        .withMessageContaining("has min.insync.replicas=1, needs min.insync.replicas=2 or more");
  }

  @Test
  void refusesTransactionsThatALateRequestMayEndUnlessTheOperatorBearsIt() throws Exception {
    transactions(1, UpgradeType.SAFE_DOWNGRADE);

    assertThat(ensure(1))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnfitKafkaException.class)
        .withMessageContaining("Kafka has transaction.version=1, needs transaction.version=2")
        .withMessageContaining("upgrade --feature transaction.version=2");
    assertThat(ensure(1, 1)).succeedsWithin(Duration.ofSeconds(10));

    transactions(2, UpgradeType.UPGRADE);
    assertThat(ensure(1)).succeedsWithin(Duration.ofSeconds(10));
  }

  private void transactions(int version, UpgradeType type) throws Exception {
    admin
        .updateFeatures(
            Map.of(TRANSACTIONS, new FeatureUpdate((short) version, type)),
            new UpdateFeaturesOptions())
        .all()
        .get();
    await().until(() -> transactions() == version);
  }

  private int transactions() throws Exception {
    FinalizedVersionRange range =
        admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(TRANSACTIONS);
    return range == null ? 0 : range.maxVersionLevel();
  }

  @Test
  @Tag("ci")
  void keepsAMemberFromReadingUntilSomebodyHasMendedThem() throws Exception {
    ensure(1).join();
    awaitTopics();
    set("cleanup.policy", "delete");
    try (LogMember member = LogMember.start(kafka, "waiting", Asked.newCluster())) {
      await().until(member::topicsRefused);
      assertThat(member.firstLook())
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(UnfitKafkaException.class);
      assertThat(member.table().caughtUp()).isFalse();

      set("cleanup.policy", "compact");

      await().atMost(Duration.ofSeconds(30)).until(() -> member.table().caughtUp());
      assertThat(member.topicsRefused()).isFalse();
    }
  }
}
