package io.claviger.schemas.association;

import java.util.List;
import java.util.Map;

/** Every Kafka topic, with the settings that its use requires. */
public final class Topics {

  /** Requested changes: {@link AssociationCommand}, keyed by the cluster's name. */
  public static final String COMMANDS = "claviger.association-commands";

  /** The current state: {@link AssociationChange}, tombstones and {@link LogHead}. */
  public static final String CHANGES = "claviger.association-changes";

  /** The outcomes of commands: {@link AssociationOutcome}. */
  public static final String OUTCOMES = "claviger.association-outcomes";

  /** The audit stream: CloudEvents with {@link io.claviger.schemas.event.CredentialEvent}. */
  public static final String CREDENTIAL_EVENTS = "claviger.credential-events";

  /**
   * The number of partitions of commands, changes and outcomes. All three are partitioned by the
   * cluster's name.
   */
  public static final int PARTITIONS = 8;

  private static final String WEEK_MS = "604800000";
  private static final String DAY_MS = "86400000";
  private static final String HOUR_MS = "3600000";

  private Topics() {}

  /**
   * The required definition of a topic.
   *
   * @param name the topic's name
   * @param partitions the number of partitions
   * @param settings topic-level Kafka settings
   * @param log whether it is part of the association log: it has {@link #PARTITIONS} partitions,
   *     and the loss of one Kafka broker must not lose an acknowledged record
   */
  public record Definition(String name, int partitions, Map<String, String> settings, boolean log) {
    public Definition {
      settings = Map.copyOf(settings);
    }
  }

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
            // Kafka deletes whole segments only, and a new writer reads all that remains.
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
