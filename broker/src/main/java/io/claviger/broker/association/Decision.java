package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationOutcome;
import java.util.List;
import java.util.Optional;

/**
 * The decision about a command, written in one transaction.
 *
 * @param entry the change or removal; absent if nothing changes
 * @param outcomes in the order of writing, the answer first. A second one repeats the token's
 *     earlier outcome, so that the newest record of its key stays the true one
 */
public record Decision(Optional<LogEntry> entry, List<AssociationOutcome> outcomes) {

  public Decision {
    outcomes = List.copyOf(outcomes);
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("a decision has an answer");
    }
  }

  /** Returns the outcome for the requester. */
  public AssociationOutcome answer() {
    return outcomes.getFirst();
  }

  /** Returns the outcome that the token stands for from now on. */
  public AssociationOutcome remembered() {
    return outcomes.getLast();
  }
}
