package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The read side: which association a service account has. */
public interface Associations {

  /**
   * Finds an association, certain enough to answer a pod: when it is not in the table, or the table
   * is behind {@code atLeast}, waits up to 200 ms for the table to catch up with the log. Never
   * fails.
   *
   * @param atLeast a position that the requester has seen already
   */
  CompletionStage<Lookup> find(AssociationKey key, Position atLeast);

  /** What the table says at this moment; no waiting, no I/O. */
  Optional<Association> current(AssociationKey key);

  /** How far the table has applied a cluster's log. */
  Position position(String cluster);

  /** What a lookup found, each with the position it was made at. */
  sealed interface Lookup {
    /** There is one. */
    record Found(Association association, Position position) implements Lookup {}

    /** There is none, as far as the log went when it was asked. */
    record Absent(Position position) implements Lookup {}

    /**
     * This table is behind what the requester has seen and could not catch up in time, or it has
     * not been compared with the log for too long.
     */
    record Behind(Position position) implements Lookup {}
  }
}
