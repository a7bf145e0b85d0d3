package io.claviger.broker.association;

import java.util.List;
import java.util.function.Predicate;

/**
 * Tables that may know what a log has lost: this broker's, and those of other brokers. The port.
 */
@FunctionalInterface
public interface KnownTables {

  /**
   * Those that know more than a log, so that of each of its clusters the furthest is among them.
   * Waits for other brokers: not on an event loop.
   *
   * @param log what is committed
   * @param inLog which clusters' logs it has
   * @throws RuntimeException where one that knows more did not come whole, or somebody who may know
   *     what a log has lost does not say so
   */
  List<TableSnapshot> further(LogState log, Predicate<String> inLog);
}
