package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service accounts whose changes concern one edge: those that it was answered about on this
 * connection, and those that it has reported. Thread-safe.
 *
 * <p>Whoever reads the table for an edge adds the service account first: a change is then either
 * read or pushed.
 */
final class EdgeSubscriptions {

  /** More than an edge caches, by far; some 4 MB. */
  static final int MOST = 65_000;

  private final int most;

  /** Their hashes: where two have the same one, an edge is told of both. */
  private final Set<Long> hashes = ConcurrentHashMap.newKeySet();

  EdgeSubscriptions() {
    this(MOST);
  }

  EdgeSubscriptions(int most) {
    this.most = most;
  }

  /**
   * Takes a service account in.
   *
   * @return false where there are too many: the connection has to end, and the edge to report on
   *     another one what it still caches
   */
  boolean add(AssociationKey key) {
    hashes.add(hash(key));
    return hashes.size() <= most;
  }

  boolean in(AssociationKey key) {
    return hashes.contains(hash(key));
  }

  int size() {
    return hashes.size();
  }

  private static long hash(AssociationKey key) {
    return ((long) key.namespace().hashCode() << 32)
        ^ (key.serviceAccount().hashCode() & 0xffff_ffffL);
  }
}
