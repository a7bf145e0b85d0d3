package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.replicatedmap.ReplicatedMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Associations whose older sessions one pass over the map removes. */
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

  /** Adds an association; returns false if the pass has started. */
  synchronized boolean add(String associationId, OptionalLong revision) {
    if (!begun) {
      kept.put(associationId, revision);
    }
    return !begun;
  }

  private synchronized void begin() {
    begun = true;
  }

  /** Runs the pass. Nothing can be added after it has started. */
  void run(ReplicatedMap<Object, Object> map) {
    begin();
    map.keySet().stream().filter(this::isToBeDropped).toList().forEach(key -> remove(map, key));
  }

  /**
   * Other brokers remove it too. The owner of its partition returns the value only to the first
   * one.
   */
  private void remove(ReplicatedMap<Object, Object> map, Object key) {
    if (map.remove(key) != null) {
      dropped.add(fields(key)[ASSOCIATION]);
    }
  }

  /** Returns whether the finished pass has removed a session of this association. */
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

  /** The fields of {@link io.claviger.schemas.bus.SessionKey#text()}. */
  private static String[] fields(Object key) {
    return key.toString().split("\\|", FIELDS);
  }
}
