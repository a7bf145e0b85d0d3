package io.claviger.broker.association;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a snapshot of another broker's table page by page, and checks by its digest that it is
 * complete. Among the offered tables the furthest one wins, then the youngest.
 */
public final class SnapshotTransfer {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTransfer.class);

  private final PeerSnapshots peers;
  private final InstantSource clock;
  private final Executor worker;
  private final Map<Source, CompletableFuture<Fetched>> fetching = new ConcurrentHashMap<>();

  /**
   * A table that was fetched.
   *
   * @param nodeId of its broker
   * @param snapshot the whole table
   * @param asOf when Kafka last answered the broker that read it
   */
  public record Fetched(String nodeId, TableSnapshot snapshot, Instant asOf) {}

  private record Offer(String nodeId, SnapshotReply.Offered table, Instant asOf) {}

  private record Source(String nodeId, String digest) {}

  /** The entries received so far. */
  private static final class Entries {
    private final List<Association> associations = new ArrayList<>();
    private final List<Revocation> revocations = new ArrayList<>();

    int size() {
      return associations.size() + revocations.size();
    }

    void add(SnapshotReply.Page page) {
      associations.addAll(page.associations());
      revocations.addAll(page.revocations());
    }
  }

  /**
   * Fetches from these peers.
   *
   * @param worker computes the digests
   */
  public SnapshotTransfer(PeerSnapshots peers, InstantSource clock, Executor worker) {
    this.peers = peers;
    this.clock = clock;
    this.worker = worker;
  }

  /**
   * Fetches the table of one of these brokers; empty if none offers one, or no transfer completes.
   */
  public CompletionStage<Optional<Fetched>> fetch(Collection<String> nodeIds) {
    List<CompletableFuture<Optional<Offer>>> asked =
        nodeIds.stream().map(nodeId -> offer(nodeId).toCompletableFuture()).toList();
    return all(asked)
        .thenCompose(
            offers -> firstWhole(best(offers.stream().flatMap(Optional::stream).toList())));
  }

  /**
   * Fetches tables that are ahead of the known positions; for each such cluster the furthest.
   *
   * @param known the known position of each cluster's log
   * @param wait for each broker's offer
   * @param everybody whether every broker must answer; otherwise a silent broker counts as having
   *     no table
   * @return fails if a transfer is incomplete, or if a broker that must answer is silent
   */
  public CompletionStage<List<TableSnapshot>> further(
      Collection<String> nodeIds,
      Predicate<String> clusters,
      Function<String, Position> known,
      Duration wait,
      boolean everybody) {
    List<CompletableFuture<Optional<Offer>>> asked =
        nodeIds.stream().map(nodeId -> offer(nodeId, wait, everybody)).toList();
    return all(asked)
        .thenCompose(
            offers -> all(furthest(offers, clusters, known).stream().map(this::whole).toList()))
        .thenApply(tables -> tables.stream().map(Fetched::snapshot).toList());
  }

  private CompletableFuture<Optional<Offer>> offer(
      String nodeId, Duration wait, boolean everybody) {
    CompletableFuture<Optional<Offer>> offered = offer(nodeId).toCompletableFuture();
    return everybody
        ? offered
            .orTimeout(wait.toMillis(), MILLISECONDS)
            .exceptionallyCompose(late -> broken(nodeId + " did not report its table's positions"))
        : offered.completeOnTimeout(Optional.empty(), wait.toMillis(), MILLISECONDS);
  }

  /** Returns, for each cluster with an offer ahead of the known position, the furthest offer. */
  private static Set<Offer> furthest(
      List<Optional<Offer>> offers, Predicate<String> clusters, Function<String, Position> known) {
    Map<String, Offer> furthest = new HashMap<>();
    for (Offer offer : offers.stream().flatMap(Optional::stream).toList()) {
      offer
          .table()
          .positions()
          .forEach(
              (cluster, position) -> {
                if (clusters.test(cluster) && position.compareTo(known.apply(cluster)) > 0) {
                  furthest.merge(cluster, offer, (a, b) -> further(a, b, cluster));
                }
              });
    }
    return Set.copyOf(furthest.values());
  }

  private static Offer further(Offer one, Offer other, String cluster) {
    Map<String, Position> positions = one.table().positions();
    Position than = other.table().positions().getOrDefault(cluster, Position.NONE);
    return positions.getOrDefault(cluster, Position.NONE).isAtLeast(than) ? one : other;
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> asked) {
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletionStage<Optional<Offer>> offer(String nodeId) {
    return peers
        .ask(nodeId, SnapshotRequest.offer())
        .thenApply(
            reply ->
                reply instanceof SnapshotReply.Offered table
                    ? Optional.of(
                        new Offer(nodeId, table, clock.instant().minusMillis(table.ageMillis())))
                    : Optional.<Offer>empty())
        // The broker has left, or runs an older version: it offers nothing.
        .exceptionally(failure -> Optional.empty());
  }

  /** Sorts first the offers that are behind no other. */
  private static List<Offer> best(List<Offer> offers) {
    Comparator<Offer> furthest =
        Comparator.comparing(
            offer -> -offers.stream().filter(other -> isAtLeast(offer, other)).count());
    return offers.stream()
        .sorted(furthest.thenComparing(Comparator.comparing(Offer::asOf).reversed()))
        .toList();
  }

  private static boolean isAtLeast(Offer one, Offer other) {
    Map<String, Position> positions = one.table().positions();
    return other.table().positions().entrySet().stream()
        .allMatch(
            each ->
                positions.getOrDefault(each.getKey(), Position.NONE).isAtLeast(each.getValue()));
  }

  private CompletionStage<Optional<Fetched>> firstWhole(List<Offer> offers) {
    if (offers.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Offer offer = offers.getFirst();
    return whole(offer)
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("node", offer.nodeId())
                  .addKeyValue("cause", failure.toString())
                  .log("the transfer of a peer's table is incomplete");
              return firstWhole(offers.subList(1, offers.size()));
            });
  }

  /** Several partitions may be taken over at once and need the same table: it is fetched once. */
  private CompletableFuture<Fetched> whole(Offer offer) {
    Source source = new Source(offer.nodeId(), offer.table().digest());
    CompletableFuture<Fetched> fetched = new CompletableFuture<>();
    CompletableFuture<Fetched> underWay = fetching.putIfAbsent(source, fetched);
    if (underWay != null) {
      return underWay;
    }
    // The whole chain runs inside the future, so that a synchronous exception also ends the wait.
    CompletableFuture.completedFuture(new Entries())
        .thenCompose(none -> pages(offer, none))
        .thenApplyAsync(all -> proven(offer, all), worker)
        .whenComplete(
            (whole, failure) -> {
              fetching.remove(source);
              if (failure == null) {
                fetched.complete(whole);
              } else {
                fetched.completeExceptionally(failure);
              }
            });
    return fetched;
  }

  private CompletionStage<Entries> pages(Offer offer, Entries fetched) {
    if (fetched.size() >= offer.table().size()) {
      return CompletableFuture.completedFuture(fetched);
    }
    return peers
        .ask(offer.nodeId(), SnapshotRequest.page(offer.table().digest(), fetched.size()))
        .thenCompose(
            reply ->
                switch (reply) {
                  case SnapshotReply.Page page when page.size() > 0 -> {
                    fetched.add(page);
                    yield pages(offer, fetched);
                  }
                  case SnapshotReply.Page page -> broken("it has fewer entries than it offered");
                  case SnapshotReply.Changed changed -> broken("it has changed meanwhile");
                  case SnapshotReply.NotCaughtUp none -> broken("its table is no longer complete");
                  case SnapshotReply.Offered again -> broken("it sent an offer instead of a page");
                });
  }

  private static <T> CompletionStage<T> broken(String why) {
    return CompletableFuture.failedFuture(new IllegalStateException(why));
  }

  private static Fetched proven(Offer offer, Entries all) {
    TableSnapshot snapshot =
        TableSnapshot.of(all.associations, all.revocations, offer.table().positions());
    if (!snapshot.digest().equals(offer.table().digest())) {
      throw new IllegalStateException("its digest differs from the offered one");
    }
    return new Fetched(offer.nodeId(), snapshot, offer.asOf());
  }
}
