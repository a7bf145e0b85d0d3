package io.claviger.edge.credential;

import io.claviger.schemas.association.AssociationKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * An index of a cache's entries by service account, so that a change of an association touches only
 * its own entries. It is changed only while the cache computes or evicts an entry, so every entry
 * in the cache is indexed here. As large as the cache; thread-safe.
 */
final class EntriesByAssociation<E> {

  private final ConcurrentMap<AssociationKey, Set<E>> entries = new ConcurrentHashMap<>();

  void add(AssociationKey key, E entry) {
    entries.compute(
        key,
        (same, there) -> {
          Set<E> all = there == null ? ConcurrentHashMap.newKeySet(1) : there;
          all.add(entry);
          return all;
        });
  }

  void remove(AssociationKey key, E entry) {
    entries.computeIfPresent(
        key,
        (same, all) -> {
          all.remove(entry);
          return all.isEmpty() ? null : all;
        });
  }

  /** Returns the current entries; the cache may have dropped some of them since. */
  List<E> of(AssociationKey key) {
    Set<E> all = entries.get(key);
    return all == null ? List.of() : List.copyOf(all);
  }

  /** Returns the service accounts that have entries. */
  Set<AssociationKey> keys() {
    return Set.copyOf(entries.keySet());
  }
}
