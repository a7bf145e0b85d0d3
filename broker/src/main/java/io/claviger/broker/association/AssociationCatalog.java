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
 * The read side for operators: finds associations by id and lists them in pages. A caller that
 * waits for {@link #caughtUp} first sees every change that any broker had acknowledged before.
 */
public final class AssociationCatalog {

  private final AssociationTable table;
  private final ReadBarrier readBarrier;

  /** Reads a table; the barrier brings it up to date with the log. */
  public AssociationCatalog(AssociationTable table, ReadBarrier readBarrier) {
    this.table = table;
    this.readBarrier = readBarrier;
  }

  /**
   * Selects associations of a cluster.
   *
   * @param namespace only this namespace
   * @param serviceAccount only service accounts of this name
   * @param after only associations behind this cursor
   * @param visible only namespaces that the requester may see
   * @param limit the maximum number of associations
   */
  public record Query(
      @Nullable String namespace,
      @Nullable String serviceAccount,
      Cursor after,
      Predicate<String> visible,
      int limit) {}

  /**
   * Waits up to 2 s for the table to apply everything that the cluster's log contained at the call.
   * Does not wait while Kafka is unavailable, because no broker can be ahead then. Never fails.
   *
   * @return whether the table may be used for a response
   */
  public CompletionStage<Boolean> caughtUp(String cluster) {
    return readBarrier
        .reach(cluster, ReadBarrier.FOR_OPERATORS)
        .exceptionally(failure -> Reach.LATE)
        .thenApply(table::isCurrentAfter);
  }

  /** Finds a cluster's association by its id. */
  public Optional<Association> find(String cluster, String id) {
    return table.index().find(cluster, id);
  }

  /** Returns a cluster's revocations, sorted by kind and name. */
  public List<Revocation> revocations(String cluster) {
    return table.revocations().of(cluster).stream()
        .sorted(
            Comparator.comparing((Revocation one) -> one.subject().kind())
                .thenComparing(one -> one.subject().name()))
        .toList();
  }

  /** Returns the selected associations, sorted by namespace and service account. */
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
