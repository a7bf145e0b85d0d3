package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import java.util.concurrent.CompletionStage;

/** Has the table catch up with what somebody else has seen of the log. */
@FunctionalInterface
public interface CatchUp {

  /**
   * Waits up to 200 ms for the table to have applied a cluster's log up to a position. Never fails.
   *
   * @return whether it has, and is known to be as new as it has to be
   */
  CompletionStage<Boolean> reach(String cluster, Position atLeast);
}
