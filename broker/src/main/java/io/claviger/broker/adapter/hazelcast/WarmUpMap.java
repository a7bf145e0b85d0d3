package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.config.cluster.HazelcastConfiguration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A replicated map of values that nobody asks for: what is put there takes the way that a session
 * takes. Its entries end by themselves after two minutes, for nobody sweeps behind a broker that
 * ended. Blocks while members answer, so not for an event loop.
 */
public final class WarmUpMap {

  private static final int LIFE_MINUTES = 2;

  private final ReplicatedMap<String, byte[]> map;

  /** The mesh's. */
  public WarmUpMap(HazelcastInstance hazelcast) {
    map = hazelcast.getReplicatedMap(HazelcastConfiguration.WARM_UP);
  }

  /** A value, as this member has it; absent where there is none. */
  public byte @Nullable [] get(String key) {
    return map.get(key);
  }

  /** Tells all members of a value. */
  public void put(String key, byte[] value) {
    map.put(key, value, LIFE_MINUTES, TimeUnit.MINUTES);
  }
}
