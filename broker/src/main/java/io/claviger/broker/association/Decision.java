package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What comes of a command: to be written in one transaction.
 *
 * @param entry the change or removal; absent when nothing changes
 * @param outcomes in the order in which they are to be written: the answer first. A second one is
 *     the outcome that the token had before, written again so that the newest record of its key
 *     stays the true one
 */
public record Decision(Optional<LogEntry> entry, List<AssociationOutcome> outcomes) {

  public Decision {
    outcomes = List.copyOf(outcomes);
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("a decision has an answer");
    }
  }

  /** What the requester is told. */
  public AssociationOutcome answer() {
    return outcomes.getFirst();
  }

  /** What the token stands for from now on. */
  public AssociationOutcome remembered() {
    return outcomes.getLast();
  }
}
