package io.claviger.broker.adapter.kafka;

import java.util.Optional;

/**
 * Compares Kafka's transactions with what the order of changes needs. Before KIP-890 ({@code
 * transaction.version} 2, Kafka 4.0) a late request to end a transaction could end the next one of
 * the same producer: what was acknowledged is then lost, or half of it seen (Jepsen's report on
 * Bufstream 0.1.3, 2024-11).
 *
 * @param bootstrapServers for the command that mends
 * @param least that the operator bears
 */
record TransactionCheck(String bootstrapServers, int least) {

  static final String FEATURE = "transaction.version";

  /** The first one with which no late request ends another transaction. */
  static final int SAFE = 2;

  /** What is wrong with a version, whether the operator bears it or not. */
  Optional<KafkaMismatch> compare(int found) {
    if (found >= SAFE) {
      return Optional.empty();
    }
    String mend =
        "kafka-features.sh --bootstrap-server "
            + bootstrapServers
            + " upgrade --feature "
            + FEATURE
            + "="
            + SAFE
            + " (Kafka 4.0 or later); or set claviger.broker.kafka.min-transaction-version to "
            + found
            + ", and changes may be lost when a Kafka broker fails";
    return Optional.of(
        new KafkaMismatch("Kafka", FEATURE + "=" + found, FEATURE + "=" + SAFE, mend));
  }

  /** Whether the operator bears a version. */
  boolean bears(int found) {
    return found >= least;
  }
}
