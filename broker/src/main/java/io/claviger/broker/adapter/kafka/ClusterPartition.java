package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** In which partition of commands, changes and outcomes a cluster's records are. */
public final class ClusterPartition {

  private ClusterPartition() {}

  /**
   * The partition that Kafka's own partitioner gives a record whose key is the cluster's name.
   * Records with other keys are sent to it explicitly.
   */
  public static int of(String cluster) {
    byte[] key = cluster.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % Topics.PARTITIONS;
  }
}
