package io.claviger.schemas.association;

import java.util.List;
import java.util.Map;

/** Every Kafka topic, once, with the settings that its meaning needs. */
public final class Topics {

  /** What somebody asked for: {@link AssociationCommand}, keyed by the cluster's name. */
  public static final String COMMANDS = "claviger.association-commands";

  /** What is so: {@link AssociationChange}, tombstones and {@link LogHead}. */
  public static final String CHANGES = "claviger.association-changes";

  /** How commands were decided: {@link AssociationOutcome}. */
  public static final String OUTCOMES = "claviger.association-outcomes";

  /** The audit stream: CloudEvents with {@link io.claviger.schemas.event.CredentialEvent}. */
  public static final String CREDENTIAL_EVENTS = "claviger.credential-events";

  /**
   * Commands, changes and outcomes are partitioned alike, by the cluster's name; this many
   * partitions.
   */
  public static final int PARTITIONS = 8;

  private static final String WEEK_MS = "604800000";
  private static final String DAY_MS = "86400000";
  private static final String HOUR_MS = "3600000";

  private Topics() {}

  /**
   * A topic as it has to be.
   *
   * @param name the topic's name
   * @param partitions how many
   * @param settings topic-level Kafka settings
   * @param log whether it is part of the association log: partitioned by {@link #PARTITIONS}, and
   *     what Kafka has acknowledged must not be lost with one of its brokers
   */
  public record Definition(String name, int partitions, Map<String, String> settings, boolean log) {
    public Definition {
      settings = Map.copyOf(settings);
    }
  }

  /** All topics. */
  public static List<Definition> all() {
    return List.of(
        new Definition(
            COMMANDS,
            PARTITIONS,
            Map.of("cleanup.policy", "delete", "retention.ms", WEEK_MS),
            true),
        new Definition(CHANGES, PARTITIONS, Map.of("cleanup.policy", "compact"), true),
        new Definition(
            OUTCOMES,
            PARTITIONS,
            // Only whole segments are forgotten, and a writer that takes over reads what is there.
            Map.of(
                "cleanup.policy", "compact,delete", "retention.ms", DAY_MS, "segment.ms", HOUR_MS),
            true),
        new Definition(
            CREDENTIAL_EVENTS,
            PARTITIONS,
            Map.of("cleanup.policy", "delete", "retention.ms", WEEK_MS),
            false));
  }
}
