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
 * Fetches a snapshot of another broker's table: of all that are offered the furthest, of those the
 * youngest, page by page, and proves by its digest that it came whole.
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
   * @param nodeId whose it is
   * @param snapshot all of it
   * @param asOf when the log answered last the broker that had read it
   */
  public record Fetched(String nodeId, TableSnapshot snapshot, Instant asOf) {}

  private record Offer(String nodeId, SnapshotReply.Offered table, Instant asOf) {}

  private record Source(String nodeId, String digest) {}

  /** What has come so far. */
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
   * Asks these peers.
   *
   * @param worker where digests are computed
   */
  public SnapshotTransfer(PeerSnapshots peers, InstantSource clock, Executor worker) {
    this.peers = peers;
    this.clock = clock;
    this.worker = worker;
  }

  /** Fetches the table of one of these brokers; nothing where none has one or came whole. */
  public CompletionStage<Optional<Fetched>> fetch(Collection<String> nodeIds) {
    List<CompletableFuture<Optional<Offer>>> asked =
        nodeIds.stream().map(nodeId -> offer(nodeId).toCompletableFuture()).toList();
    return all(asked)
        .thenCompose(
            offers -> firstWhole(best(offers.stream().flatMap(Optional::stream).toList())));
  }

  /**
   * Fetches tables that know more of some clusters than is known here: for each of these clusters
   * the furthest.
   *
   * @param known how far each cluster's log is known
   * @param wait for each of them to say how far it is
   * @param everybody whether nobody is gone without; otherwise who is silent knows nothing
   * @return fails where one did not come whole, or somebody is silent who is not gone without
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
            .exceptionallyCompose(late -> broken(nodeId + " does not say how far its table is"))
        : offered.completeOnTimeout(Optional.empty(), wait.toMillis(), MILLISECONDS);
  }

  /** Of each cluster of which one knows more, the furthest. */
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
        // It has left, or speaks an older version: it offers nothing.
        .exceptionally(failure -> Optional.empty());
  }

  /** One that is behind no other comes first. */
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
                  .log("a peer's table did not come whole");
              return firstWhole(offers.subList(1, offers.size()));
            });
  }

  /** Partitions are taken over at once, and each asks for the same table: it is fetched once. */
  private CompletableFuture<Fetched> whole(Offer offer) {
    Source source = new Source(offer.nodeId(), offer.table().digest());
    CompletableFuture<Fetched> fetched = new CompletableFuture<>();
    CompletableFuture<Fetched> underWay = fetching.putIfAbsent(source, fetched);
    if (underWay != null) {
      return underWay;
    }
    // Where asking throws at once, that is a failure of the fetch too: nobody may wait for it.
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
                  case SnapshotReply.NotCaughtUp none -> broken("it has none any more");
                  case SnapshotReply.Offered again -> broken("it offers it again");
                });
  }

  private static <T> CompletionStage<T> broken(String why) {
    return CompletableFuture.failedFuture(new IllegalStateException(why));
  }

  private static Fetched proven(Offer offer, Entries all) {
    TableSnapshot snapshot =
        TableSnapshot.of(all.associations, all.revocations, offer.table().positions());
    if (!snapshot.digest().equals(offer.table().digest())) {
      throw new IllegalStateException("its digest is not the one that was offered");
    }
    return new Fetched(offer.nodeId(), snapshot, offer.asOf());
  }
}
