package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.adapter.kafka.TopicCheck.Found;
import io.claviger.schemas.association.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicCheckTest {

  private static final TopicCheck THREE = new TopicCheck("kafka:9092", 3, 2);
  private static final TopicCheck ONE = new TopicCheck("kafka:9092", 1, 2);

  private static Topics.Definition topic(String name) {
    return Topics.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Found found(int partitions, int replicas, String policy, int inSync) {
    return new Found(
        partitions, replicas, Map.of("cleanup.policy", policy, "min.insync.replicas", "" + inSync));
  }

  private static KafkaMismatch only(List<KafkaMismatch> mismatches) {
    assertThat(mismatches).hasSize(1);
    return mismatches.getFirst();
  }

  @Test
  void findsNothingWrongWithWhatItsMeaningNeeds() {
    assertThat(THREE.compare(topic(Topics.CHANGES), found(8, 3, "compact", 2))).isEmpty();
    assertThat(THREE.compare(topic(Topics.OUTCOMES), found(8, 5, "delete, compact", 3))).isEmpty();
    assertThat(THREE.compare(topic(Topics.COMMANDS), found(8, 3, "delete", 2))).isEmpty();
    assertThat(ONE.compare(topic(Topics.CHANGES), found(8, 1, "compact", 1))).isEmpty();
  }

  @Test
  void refusesALogThatForgetsAndSaysHowToMendIt() {
    KafkaMismatch wrong = only(THREE.compare(topic(Topics.CHANGES), found(8, 3, "delete", 2)));

    assertThat(wrong.toString())
        .isEqualTo(
            "topic claviger.association-changes has cleanup.policy=delete, needs"
                + " cleanup.policy=compact. To correct it: kafka-configs.sh --bootstrap-server"
                + " kafka:9092 --alter --entity-type topics --entity-name"
                + " claviger.association-changes --add-config 'cleanup.policy=compact'");
  }

  @Test
  void putsAListOfPoliciesIntoBracketsAsTheToolWantsIt() {
    KafkaMismatch wrong = only(THREE.compare(topic(Topics.OUTCOMES), found(8, 3, "compact", 2)));

    assertThat(wrong.mend()).endsWith("--add-config 'cleanup.policy=[compact,delete]'");
  }

  @ParameterizedTest
  @CsvSource({
    "4, --alter --topic claviger.association-commands --partitions 8",
    "9, --delete --topic claviger.association-commands"
  })
  void refusesALogThatIsPartitionedOtherwise(int partitions, String mend) {
    KafkaMismatch wrong =
        only(THREE.compare(topic(Topics.COMMANDS), found(partitions, 3, "delete", 2)));

    assertThat(wrong.has()).isEqualTo(partitions + " partitions");
    assertThat(wrong.mend()).contains("kafka-topics.sh --bootstrap-server kafka:9092 " + mend);
  }

  @Test
  void refusesALogThatOneReplicaAloneMayAcknowledge() {
    KafkaMismatch wrong = only(THREE.compare(topic(Topics.CHANGES), found(8, 3, "compact", 1)));

    assertThat(wrong.has()).isEqualTo("min.insync.replicas=1");
    assertThat(wrong.mend()).endsWith("--add-config 'min.insync.replicas=2'");
    assertThat(
            new TopicCheck("kafka:9092", 2, 2)
                .compare(topic(Topics.CHANGES), found(8, 2, "compact", 1)))
        .isEmpty();
  }

  @Test
  void refusesFewerReplicasThanTheOperatorWants() {
    KafkaMismatch wrong = only(THREE.compare(topic(Topics.CHANGES), found(8, 1, "compact", 2)));

    assertThat(wrong.has()).isEqualTo("1 replicas");
    assertThat(wrong.mend()).contains("kafka-reassign-partitions.sh", "replication-factor to 1");
  }

  @Test
  void leavesTheAuditStreamsPartitionsToTheOperator() {
    assertThat(THREE.compare(topic(Topics.CREDENTIAL_EVENTS), found(30, 3, "delete", 1))).isEmpty();
    assertThat(
            only(THREE.compare(topic(Topics.CREDENTIAL_EVENTS), found(8, 3, "compact", 1))).has())
        .isEqualTo("cleanup.policy=compact");
  }

  @Test
  void findsNothingWrongWithSettingsThatItMayNotSee() {
    assertThat(THREE.compare(topic(Topics.CHANGES), new Found(8, 3, Map.of()))).isEmpty();
  }

  @Test
  void hasATopicOfTheLogAcknowledgedByAllReplicasButOne() {
    assertThat(THREE.minInSync()).isEqualTo(2);
    assertThat(ONE.minInSync()).isEqualTo(1);
  }
}
