package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service accounts whose changes are pushed to one edge: those that it has requested or
 * reported on this connection. Thread-safe.
 *
 * <p>A handler adds the service account before it reads the table, so that each change is either
 * read or pushed.
 */
final class EdgeSubscriptions {

  /** Far more than an edge caches; some 4 MB. */
  static final int MOST = 65_000;

  private final int most;

  /** Hashes of the service accounts. If two collide, the edge gets the changes of both. */
  private final Set<Long> hashes = ConcurrentHashMap.newKeySet();

  EdgeSubscriptions() {
    this(MOST);
  }

  EdgeSubscriptions(int most) {
    this.most = most;
  }

  /**
   * Adds a service account.
   *
   * @return false if there are too many. The connection must then end; on the next one, the edge
   *     reports what it caches
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
