package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A table's associations by id, and in the order of namespace and service account for each cluster.
 * One thread writes; any thread may read at any time. O(log n).
 */
public final class AssociationIndex {

  private final Map<String, Association> byId = new ConcurrentHashMap<>();
  private final Map<String, ConcurrentSkipListMap<Cursor, Association>> clusters =
      new ConcurrentHashMap<>();

  AssociationIndex() {}

  /**
   * A place in the order of a cluster's associations.
   *
   * @param namespace empty: before all namespaces
   * @param serviceAccount empty: before all service accounts of the namespace
   */
  public record Cursor(String namespace, String serviceAccount) implements Comparable<Cursor> {

    private static final Comparator<Cursor> ORDER =
        Comparator.comparing(Cursor::namespace).thenComparing(Cursor::serviceAccount);

    /** Before every association. */
    public static final Cursor START = new Cursor("", "");

    /** Returns the cursor of an association. */
    public static Cursor of(Association association) {
      return new Cursor(association.spec().namespace(), association.spec().serviceAccount());
    }

    @Override
    public int compareTo(Cursor other) {
      return ORDER.compare(this, other);
    }
  }

  /** Finds a cluster's association by its id. */
  public Optional<Association> find(String cluster, String id) {
    return Optional.ofNullable(byId.get(id)).filter(found -> found.cluster().equals(cluster));
  }

  /**
   * Returns the associations behind a cursor, in order. The view is weakly consistent: an
   * association that stays throughout an iteration is returned once.
   */
  public Collection<Association> after(String cluster, Cursor cursor) {
    return clusters
        .getOrDefault(cluster, new ConcurrentSkipListMap<>())
        .tailMap(cursor, false)
        .values();
  }

  void replace(Optional<Association> before, Optional<Association> after) {
    after.ifPresent(now -> byId.put(now.id(), now));
    after.ifPresent(now -> of(now.cluster()).put(Cursor.of(now), now));
    before
        .filter(gone -> after.isEmpty())
        .ifPresent(gone -> of(gone.cluster()).remove(Cursor.of(gone)));
    before
        .filter(gone -> after.filter(now -> now.id().equals(gone.id())).isEmpty())
        .ifPresent(gone -> byId.remove(gone.id()));
  }

  private ConcurrentSkipListMap<Cursor, Association> of(String cluster) {
    return clusters.computeIfAbsent(cluster, name -> new ConcurrentSkipListMap<>());
  }
}
