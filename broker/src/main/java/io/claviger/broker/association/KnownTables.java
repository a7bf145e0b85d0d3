package io.claviger.broker.association;

import java.util.List;
import java.util.function.Predicate;

/**
 * The port to tables that may contain what a log has lost: this broker's and those of other
 * brokers.
 */
@FunctionalInterface
public interface KnownTables {

  /**
   * Returns tables that are ahead of a log; for each of its clusters the furthest table is among
   * them. Waits for other brokers: not for an event loop.
   *
   * @param log the committed state
   * @param inLog selects the clusters whose logs are in this partition
   * @throws RuntimeException if the transfer of a table is incomplete, or a broker that may have
   *     lost changes does not answer
   */
  List<TableSnapshot> further(LogState log, Predicate<String> inLog);
}
