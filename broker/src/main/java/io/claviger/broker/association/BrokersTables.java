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
 * This broker's table and those of the others. A broker that has just started has read nothing but
 * the log, however much that has lost; others have not forgotten it.
 */
public final class BrokersTables implements KnownTables {

  /** A log that has its changes is taken over without a broker that is silent. */
  private static final Duration WAIT = Duration.ofMillis(500);

  /**
   * Where a log has none, of a cluster that might have some, or is known to have lost some, nobody
   * is gone without: what only the silent one knows would be lost for good. It is asked again until
   * it answers or has left. Less than the 3 s after which a request fails by itself, which counts
   * as having left.
   */
  private static final Duration WAIT_FOR_EVERYBODY = Duration.ofSeconds(2);

  /** Whoever takes over has to be back before it is taken for dead (max.poll.interval). */
  private static final Duration LIMIT = Duration.ofSeconds(12);

  private final AssociationTable own;
  private final Set<String> registered;
  private final Supplier<? extends Collection<String>> others;
  private final SnapshotTransfer transfer;

  /**
   * Tables of these brokers.
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
