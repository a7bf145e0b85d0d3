package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The tables of this broker and of the others. A broker that has just started has read only the
 * log, which may have lost changes; other brokers still have them.
 */
public final class BrokersTables implements KnownTables {

  /**
   * If the log is complete, a takeover waits this long for a silent broker and then proceeds
   * without it.
   */
  private static final Duration WAIT = Duration.ofMillis(500);

  /**
   * If a registered cluster has an empty log, or a log has lost changes, every broker must answer:
   * changes that only a silent broker has would be lost for good. The takeover repeats until the
   * broker answers or has left. Less than the 3 s after which a request fails by itself, which
   * counts as having left.
   */
  private static final Duration WAIT_FOR_EVERYBODY = Duration.ofSeconds(2);

  /** A takeover must end before Kafka considers the consumer dead (max.poll.interval). */
  private static final Duration LIMIT = Duration.ofSeconds(12);

  private final AssociationTable own;
  private final Set<String> registered;
  private final Supplier<? extends Collection<String>> others;
  private final SnapshotTransfer transfer;

  /**
   * Uses the tables of these brokers.
   *
   * @param registered clusters
   * @param others node ids of the other brokers; must not block
   */
  public BrokersTables(
      AssociationTable own,
      Set<String> registered,
      Supplier<? extends Collection<String>> others,
      SnapshotTransfer transfer) {
    this.own = own;
    this.registered = Set.copyOf(registered);
    this.others = others;
    this.transfer = transfer;
  }

  @Override
  public List<TableSnapshot> further(LogState log, Predicate<String> inLog) {
    Map<String, Position> here = new HashMap<>(own.caughtUp() ? own.positions() : Map.of());
    here.keySet().removeIf(inLog.negate());
    boolean ownIsFurther =
        here.entrySet().stream()
            .anyMatch(each -> each.getValue().compareTo(log.head(each.getKey())) > 0);
    List<TableSnapshot> tables = new ArrayList<>();
    if (ownIsFurther) {
      tables.add(own.snapshot());
    }
    Function<String, Position> known =
        cluster -> {
          Position applied = here.getOrDefault(cluster, Position.NONE);
          Position logged = log.head(cluster);
          return applied.isAtLeast(logged) ? applied : logged;
        };
    boolean everybody = ownIsFurther || lacksOne(log, inLog);
    Duration wait = everybody ? WAIT_FOR_EVERYBODY : WAIT;
    tables.addAll(
        transfer
            .further(others.get(), inLog, known, wait, everybody)
            .toCompletableFuture()
            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .join());
    return tables;
  }

  private boolean lacksOne(LogState log, Predicate<String> inLog) {
    return registered.stream()
        .anyMatch(cluster -> inLog.test(cluster) && log.head(cluster).equals(Position.NONE));
  }
}
