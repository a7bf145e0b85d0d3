package io.claviger.broker.association;

import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Revocation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The read side for operators: associations by id and page by page. Who waits for {@link #caughtUp}
 * first sees everything that any broker had answered before.
 */
public final class AssociationCatalog {

  private final AssociationTable table;
  private final ReadBarrier readBarrier;

  /** Reads a table that is as new as the log once that has been waited for. */
  public AssociationCatalog(AssociationTable table, ReadBarrier readBarrier) {
    this.table = table;
    this.readBarrier = readBarrier;
  }

  /**
   * What of a cluster is asked for.
   *
   * @param namespace only of it
   * @param serviceAccount only of that name
   * @param after only what comes behind
   * @param visible only of namespaces that the requester may see
   * @param limit how many at most
   */
  public record Query(
      @Nullable String namespace,
      @Nullable String serviceAccount,
      Cursor after,
      Predicate<String> visible,
      int limit) {}

  /**
   * Waits, at most 2 s, until the table has what the cluster's log had when this was called; not at
   * all while the log is away, as nobody can be ahead then. Never fails.
   *
   * @return whether the table can be answered from
   */
  public CompletionStage<Boolean> caughtUp(String cluster) {
    return readBarrier
        .reach(cluster, ReadBarrier.FOR_OPERATORS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(table::isCurrentAfter);
  }

  /** A cluster's association by its id. */
  public Optional<Association> find(String cluster, String id) {
    return table.index().find(cluster, id);
  }

  /** What is revoked of a cluster, by kind and name. */
  public List<Revocation> revocations(String cluster) {
    return table.revocations().of(cluster).stream()
        .sorted(
            Comparator.comparing((Revocation one) -> one.subject().kind())
                .thenComparing(one -> one.subject().name()))
        .toList();
  }

  /** What is asked for, in the order of namespace and service account. */
  public List<Association> page(String cluster, Query query) {
    Map<String, Boolean> seen = new HashMap<>();
    return table.index().after(cluster, start(query)).stream()
        .takeWhile(each -> !isBehind(each.spec().namespace(), query.namespace()))
        .filter(each -> isWanted(each.spec().serviceAccount(), query.serviceAccount()))
        .filter(each -> seen.computeIfAbsent(each.spec().namespace(), query.visible()::test))
        .limit(query.limit())
        .toList();
  }

  private static Cursor start(Query query) {
    if (query.namespace() == null) {
      return query.after();
    }
    Cursor namespace = new Cursor(query.namespace(), "");
    return query.after().compareTo(namespace) > 0 ? query.after() : namespace;
  }

  private static boolean isBehind(String namespace, @Nullable String last) {
    return last != null && namespace.compareTo(last) > 0;
  }

  private static boolean isWanted(String name, @Nullable String wanted) {
    return wanted == null || wanted.equals(name);
  }
}
