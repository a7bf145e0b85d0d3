package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Compares a topic with its requirements. A log without compaction grows without bound. A log with
 * deletion loses associations. A change that only one replica acknowledged is lost with it. Also
 * compares Kafka's transactions with what the order of changes requires.
 *
 * @param bootstrapServers for the commands in messages
 * @param replicationFactor that the operator requires
 * @param minTransactionVersion the minimum that the operator accepts
 */
record TopicCheck(String bootstrapServers, int replicationFactor, int minTransactionVersion) {

  /** The feature of Kafka that defines how its transactions end. */
  static final String TRANSACTIONS = "transaction.version";

  /** The first version in which a late request cannot end another transaction. */
  private static final int SAFE_TRANSACTIONS = 2;

  /** With at least this many replicas, more than one must acknowledge. */
  private static final int REPLICAS_THAT_CAN_AGREE = 3;

  private static final int MIN_IN_SYNC = 2;

  /**
   * The actual state of a topic.
   *
   * @param partitions the number of partitions
   * @param replicas of the partition with the fewest
   * @param settings in effect, including defaults
   */
  record Found(int partitions, int replicas, Map<String, String> settings) {
    Found {
      settings = Map.copyOf(settings);
    }
  }

  /** Returns the {@code min.insync.replicas} with which a topic of the log is created. */
  int minInSync() {
    return Math.max(1, replicationFactor - 1);
  }

  /**
   * Returns the mismatch of a version of Kafka's transactions, whether or not the operator accepts
   * it. Before KIP-890 ({@code transaction.version} 2, Kafka 4.0), a late request to end a
   * transaction could end the next transaction of the same producer. Acknowledged changes are then
   * lost, or seen by half (Jepsen's report on Bufstream 0.1.3, 2024-11).
   */
  Optional<KafkaMismatch> transactions(int found) {
    if (found >= SAFE_TRANSACTIONS) {
      return Optional.empty();
    }
    String needs = TRANSACTIONS + "=" + SAFE_TRANSACTIONS;
    String mend =
        "kafka-features.sh --bootstrap-server "
            + bootstrapServers
            + " upgrade --feature "
            + needs
            + " (Kafka 4.0 or later); or set claviger.broker.kafka.min-transaction-version to "
            + found
            + ", and changes may be lost when a Kafka broker fails";
    return Optional.of(new KafkaMismatch("Kafka", TRANSACTIONS + "=" + found, needs, mend));
  }

  /** Returns the topic's mismatches; empty if it is usable. */
  List<KafkaMismatch> compare(Topics.Definition topic, Found found) {
    List<KafkaMismatch> wrong = new ArrayList<>();
    policy(topic, found, wrong);
    if (topic.log()) {
      partitions(topic, found, wrong);
      inSync(topic, found, wrong);
    }
    replicas(topic, found, wrong);
    return List.copyOf(wrong);
  }

  private void policy(Topics.Definition topic, Found found, List<KafkaMismatch> wrong) {
    String has = found.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG);
    String needs = topic.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (has != null && needs != null && !policies(has).equals(policies(needs))) {
      wrong.add(setting(topic, TopicConfig.CLEANUP_POLICY_CONFIG, has, needs, needs));
    }
  }

  private void inSync(Topics.Definition topic, Found found, List<KafkaMismatch> wrong) {
    String has = found.settings().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
    if (has != null
        && replicationFactor >= REPLICAS_THAT_CAN_AGREE
        && Integer.parseInt(has) < MIN_IN_SYNC) {
      String needs = MIN_IN_SYNC + " or more";
      wrong.add(
          setting(topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, has, needs, "" + minInSync()));
    }
  }

  private static void add(
      List<KafkaMismatch> wrong, Topics.Definition topic, String has, String needs, String mend) {
    wrong.add(new KafkaMismatch(subject(topic), has, needs, mend));
  }

  private void partitions(Topics.Definition topic, Found found, List<KafkaMismatch> wrong) {
    int needs = topic.partitions();
    if (found.partitions() < needs) {
      String mend = topics("--alter --topic " + topic.name() + " --partitions " + needs);
      add(wrong, topic, found.partitions() + " partitions", needs + " partitions", mend);
    } else if (found.partitions() > needs) {
      // Kafka cannot remove partitions.
      String mend =
          "keep a copy of its records, then "
              + topics("--delete --topic " + topic.name())
              + " and start a broker, which creates it";
      add(wrong, topic, found.partitions() + " partitions", needs + " partitions", mend);
    }
  }

  private void replicas(Topics.Definition topic, Found found, List<KafkaMismatch> wrong) {
    if (found.replicas() < replicationFactor) {
      String mend =
          "kafka-reassign-partitions.sh --bootstrap-server "
              + bootstrapServers
              + " --execute --reassignment-json-file FILE, where FILE names "
              + replicationFactor
              + " replicas for each partition; or set claviger.broker.kafka.replication-factor to "
              + found.replicas();
      add(wrong, topic, found.replicas() + " replicas", replicationFactor + " replicas", mend);
    }
  }

  private KafkaMismatch setting(
      Topics.Definition topic, String name, String has, String needs, String value) {
    String mend =
        "kafka-configs.sh --bootstrap-server "
            + bootstrapServers
            + " --alter --entity-type topics --entity-name "
            + topic.name()
            + " --add-config '"
            + name
            + (value.contains(",") ? "=[" + value + "]'" : "=" + value + "'");
    return new KafkaMismatch(subject(topic), name + "=" + has, name + "=" + needs, mend);
  }

  private static String subject(Topics.Definition topic) {
    return "topic " + topic.name();
  }

  private String topics(String arguments) {
    return "kafka-topics.sh --bootstrap-server " + bootstrapServers + " " + arguments;
  }

  private static Set<String> policies(String text) {
    return Set.of(text.trim().split("\\s*,\\s*"));
  }
}
