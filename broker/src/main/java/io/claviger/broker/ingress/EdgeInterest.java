package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service accounts whose changes concern one edge: those that it was answered about on this
 * connection, and those that it has told. An edge that never tells any is interested in all, and so
 * is one that has too many. Thread-safe.
 *
 * <p>Whoever reads the table for an edge adds the service account first: a change is then either
 * read or pushed.
 */
final class EdgeInterest {

  static final int MOST = 10_000;

  private final int most;
  private final Set<AssociationKey> keys = ConcurrentHashMap.newKeySet();
  private volatile boolean told;
  private volatile boolean tooMany;

  EdgeInterest() {
    this(MOST);
  }

  EdgeInterest(int most) {
    this.most = most;
  }

  /** Takes a service account in; the key itself is kept, so that many edges can share it. */
  void add(AssociationKey key) {
    if (!tooMany && keys.add(key) && keys.size() > most) {
      tooMany = true;
      keys.clear();
    }
  }

  /** The edge tells what it holds: it wants nothing else from now on. */
  void told() {
    told = true;
  }

  /** Whether everything concerns it. */
  boolean everything() {
    return !told || tooMany;
  }

  boolean in(AssociationKey key) {
    return everything() || keys.contains(key);
  }

  int size() {
    return keys.size();
  }
}
