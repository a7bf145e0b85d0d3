package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import java.util.concurrent.CompletionStage;

/** Brings the table up to a position that another instance has seen. */
@FunctionalInterface
public interface CatchUp {

  /**
   * Waits up to 200 ms for the table to apply a cluster's log up to a position. Never fails.
   *
   * @return whether the table has reached it, and is not too old
   */
  CompletionStage<Boolean> reach(String cluster, Position atLeast);
}
