package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.config.cluster.HazelcastConfiguration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A replicated map that only the warm-up uses: its values take the same path as sessions. Entries
 * expire after two minutes, because no broker sweeps after one that has stopped. Blocks until the
 * other members answer, so not for an event loop.
 */
public final class WarmUpMap {

  private static final int LIFE_MINUTES = 2;

  private final ReplicatedMap<String, byte[]> map;

  /** Uses the mesh's map. */
  public WarmUpMap(HazelcastInstance hazelcast) {
    map = hazelcast.getReplicatedMap(HazelcastConfiguration.WARM_UP);
  }

  /** Returns this broker's copy of a value; null if there is none. */
  public byte @Nullable [] get(String key) {
    return map.get(key);
  }

  /** Writes a value to all members. */
  public void put(String key, byte[] value) {
    map.put(key, value, LIFE_MINUTES, TimeUnit.MINUTES);
  }
}
