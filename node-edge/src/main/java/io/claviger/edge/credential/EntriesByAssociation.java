package io.claviger.edge.credential;

import io.claviger.schemas.association.AssociationKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which entries of a cache concern a service account, so that a change of its association looks at
 * nothing else. It is changed only while the cache computes that entry, or evicts it: an entry that
 * can be found in the cache is therefore never missing here. As large as the cache; thread-safe.
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

  /** The entries as they are now; the cache may have dropped some of them since. */
  List<E> of(AssociationKey key) {
    Set<E> all = entries.get(key);
    return all == null ? List.of() : List.copyOf(all);
  }

  /** The service accounts that have entries. */
  Set<AssociationKey> keys() {
    return Set.copyOf(entries.keySet());
  }
}
