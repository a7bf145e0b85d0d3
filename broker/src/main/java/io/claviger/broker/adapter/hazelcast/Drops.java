package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.replicatedmap.ReplicatedMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Associations whose older sessions are to be removed in one pass over the map. */
final class Drops {

  private static final int ASSOCIATION = 1;
  private static final int REVISION = 2;
  private static final int FIELDS = 4;

  private final Map<String, OptionalLong> kept = new HashMap<>();
  private final Set<String> dropped = ConcurrentHashMap.newKeySet();
  private boolean begun;

  Drops(String associationId, OptionalLong revision) {
    kept.put(associationId, revision);
  }

  /** Adds one more; false when the pass has begun. */
  synchronized boolean add(String associationId, OptionalLong revision) {
    if (!begun) {
      kept.put(associationId, revision);
    }
    return !begun;
  }

  private synchronized void begin() {
    begun = true;
  }

  /** Removes what is to be removed. Nothing is added any more once this runs. */
  void run(ReplicatedMap<Object, Object> map) {
    begin();
    map.keySet().stream().filter(this::isToBeDropped).toList().forEach(key -> remove(map, key));
  }

  /** Other members drop it too: the owner of its partition gives the value to the first alone. */
  private void remove(ReplicatedMap<Object, Object> map, Object key) {
    if (map.remove(key) != null) {
      dropped.add(fields(key)[ASSOCIATION]);
    }
  }

  /** Whether the pass, once it is over, has removed a session of this association. */
  boolean hasDropped(String associationId) {
    return dropped.contains(associationId);
  }

  private boolean isToBeDropped(Object key) {
    String[] fields = fields(key);
    if (fields.length < FIELDS) {
      return false;
    }
    OptionalLong revision = kept.get(fields[ASSOCIATION]);
    return revision != null
        && (revision.isEmpty() || !fields[REVISION].equals(Long.toString(revision.getAsLong())));
  }

  /** Those of {@link io.claviger.schemas.bus.SessionKey#text()}. */
  private static String[] fields(Object key) {
    return key.toString().split("\\|", FIELDS);
  }
}
