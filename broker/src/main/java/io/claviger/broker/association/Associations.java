package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The read side: finds the association of a service account. */
public interface Associations {

  /**
   * Finds an association, with enough certainty to answer a pod. If the association is not in the
   * table, or the table is behind {@code atLeast}, this waits up to 200 ms for the table to catch
   * up with the log. Never fails.
   *
   * @param atLeast a position that the requester has already seen
   */
  CompletionStage<Lookup> find(AssociationKey key, Position atLeast);

  /** Returns the association in the table at this moment; no waiting, no I/O. */
  Optional<Association> current(AssociationKey key);

  /** Returns the applied position of a cluster's log. */
  Position position(String cluster);

  /** The result of a lookup, with the position at which it was made. */
  sealed interface Lookup {
    /** There is an association. */
    record Found(Association association, Position position) implements Lookup {}

    /** There is no association, up to the log's end at the time of the lookup. */
    record Absent(Position position) implements Lookup {}

    /**
     * The table cannot be used. It is behind what the requester has seen and did not catch up in
     * time, or it has not been compared with the log for too long.
     */
    record Behind(Position position) implements Lookup {}
  }
}
