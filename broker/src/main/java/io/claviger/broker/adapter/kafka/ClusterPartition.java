package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** The partition of a cluster's records in the topics of commands, changes and outcomes. */
public final class ClusterPartition {

  private ClusterPartition() {}

  /**
   * Returns the partition that Kafka's own partitioner selects for the key {@code cluster}. Records
   * with other keys are sent to it explicitly.
   */
  public static int of(String cluster) {
    byte[] key = cluster.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % Topics.PARTITIONS;
  }
}
