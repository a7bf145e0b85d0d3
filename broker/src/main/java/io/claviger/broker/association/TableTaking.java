package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.bus.TableQuestion;
import io.claviger.schemas.bus.TableReply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the table of another broker: of all that offer one the furthest, of those the youngest,
 * page by page, and proves by its digest that it came whole.
 */
public final class TableTaking {

  private static final Logger LOG = LoggerFactory.getLogger(TableTaking.class);

  private final PeerTables peers;
  private final InstantSource clock;
  private final Executor worker;

  /**
   * A table that was taken.
   *
   * @param nodeId whose it is
   * @param snapshot all of it
   * @param asOf when the log answered last the broker that had read it
   */
  public record Taken(String nodeId, TableSnapshot snapshot, Instant asOf) {}

  private record Offer(String nodeId, TableReply.Offered table, Instant asOf) {}

  /** What has come so far. */
  private static final class Entries {
    private final List<Association> associations = new ArrayList<>();
    private final List<Revocation> revocations = new ArrayList<>();

    int size() {
      return associations.size() + revocations.size();
    }

    void add(TableReply.Page page) {
      associations.addAll(page.associations());
      revocations.addAll(page.revocations());
    }
  }

  /**
   * Asks by this way.
   *
   * @param worker where digests are computed
   */
  public TableTaking(PeerTables peers, InstantSource clock, Executor worker) {
    this.peers = peers;
    this.clock = clock;
    this.worker = worker;
  }

  /** Takes a table from one of these brokers; nothing where none has one, or none came whole. */
  public CompletionStage<Optional<Taken>> take(Collection<String> nodeIds) {
    List<CompletableFuture<Optional<Offer>>> asked =
        nodeIds.stream().map(nodeId -> offer(nodeId).toCompletableFuture()).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList())
        .thenCompose(offers -> firstWhole(best(offers)));
  }

  private CompletionStage<Optional<Offer>> offer(String nodeId) {
    return peers
        .ask(nodeId, TableQuestion.offer())
        .thenApply(
            reply ->
                reply instanceof TableReply.Offered table
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
            offer -> -offers.stream().filter(other -> reaches(offer, other)).count());
    return offers.stream()
        .sorted(furthest.thenComparing(Comparator.comparing(Offer::asOf).reversed()))
        .toList();
  }

  private static boolean reaches(Offer one, Offer other) {
    Map<String, Position> positions = one.table().positions();
    return other.table().positions().entrySet().stream()
        .allMatch(
            each -> positions.getOrDefault(each.getKey(), Position.NONE).reaches(each.getValue()));
  }

  private CompletionStage<Optional<Taken>> firstWhole(List<Offer> offers) {
    if (offers.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Offer offer = offers.getFirst();
    return pages(offer, new Entries())
        .thenApplyAsync(all -> Optional.of(proven(offer, all)), worker)
        .exceptionallyCompose(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("node", offer.nodeId())
                  .addKeyValue("cause", failure.toString())
                  .log("a peer's table did not come whole");
              return firstWhole(offers.subList(1, offers.size()));
            });
  }

  private CompletionStage<Entries> pages(Offer offer, Entries taken) {
    if (taken.size() >= offer.table().size()) {
      return CompletableFuture.completedFuture(taken);
    }
    return peers
        .ask(offer.nodeId(), TableQuestion.page(offer.table().digest(), taken.size()))
        .thenCompose(
            reply ->
                switch (reply) {
                  case TableReply.Page page when page.size() > 0 -> {
                    taken.add(page);
                    yield pages(offer, taken);
                  }
                  case TableReply.Page page -> broken("it has fewer entries than it offered");
                  case TableReply.Changed changed -> broken("it has changed meanwhile");
                  case TableReply.NotCaughtUp none -> broken("it has none any more");
                  case TableReply.Offered again -> broken("it offers it again");
                });
  }

  private static CompletionStage<Entries> broken(String why) {
    return CompletableFuture.failedFuture(new IllegalStateException(why));
  }

  private static Taken proven(Offer offer, Entries all) {
    TableSnapshot snapshot =
        TableSnapshot.of(all.associations, all.revocations, offer.table().positions());
    if (!snapshot.digest().equals(offer.table().digest())) {
      throw new IllegalStateException("its digest is not the one that was offered");
    }
    return new Taken(offer.nodeId(), snapshot, offer.asOf());
  }
}
