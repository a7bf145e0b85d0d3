package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.Sealer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired entries of the partitions that this broker owns, so that only one broker removes
 * each.
 */
final class Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final HazelcastInstance hazelcast;
  private final InstantSource clock;
  private final Counter swept;

  Sweep(HazelcastInstance hazelcast, InstantSource clock, MeterRegistry meters) {
    this.hazelcast = hazelcast;
    this.clock = clock;
    this.swept = meters.counter(Meters.STORE_SWEPT);
  }

  /**
   * Runs one pass. Reads one value at a time, because all values together need much memory. Never
   * throws.
   */
  void run(@Nullable ReplicatedMap<Object, Object> map) {
    if (map == null) {
      return;
    }
    try {
      Instant now = clock.instant();
      map.keySet().stream()
          .filter(key -> isMine(key) && hasEnded(map, key, now))
          .forEach(
              key -> {
                // While partitions migrate, two brokers may both consider themselves the owner.
                if (map.remove(key) != null) {
                  swept.increment();
                }
              });
    } catch (HazelcastException | IllegalStateException e) {
      LOG.atDebug().setCause(e).log("a sweep of expired sessions ended early");
    }
  }

  private boolean isMine(Object key) {
    Member owner = hazelcast.getPartitionService().getPartition(key).getOwner();
    return owner != null && owner.localMember();
  }

  /** A value that is not sealed does not belong here and counts as expired. */
  private static boolean hasEnded(ReplicatedMap<Object, Object> map, Object key, Instant now) {
    try {
      return switch (map.get(key)) {
        case null -> false;
        case byte[] sealed ->
            Sealer.expiryOf(sealed).map(expiry -> !now.isBefore(expiry)).orElse(true);
        default -> true;
      };
    } catch (HazelcastSerializationException e) {
      return true;
    }
  }
}
