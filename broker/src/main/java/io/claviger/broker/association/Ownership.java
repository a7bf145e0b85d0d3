package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import java.util.Optional;

/**
 * Separates associations of Kubernetes objects from all others. What a namespace's objects declare,
 * no other actor may change, because the controller would undo the change. What another actor made,
 * objects do not change. The API may delete both: without a controller no other actor could.
 *
 * @param actor who sends the command
 */
record Ownership(Grants grants, String actor) {

  /** Checks before a change of an association, tags included. */
  Optional<Refused> toChange(Association old) {
    return notGranted(old)
        .or(() -> isTheirs(old) ? Optional.empty() : Optional.of(Refusals.ownedByObjects(old)));
  }

  /** Checks before an association takes the content that the actor declares. */
  Optional<Refused> toDeclare(Association old) {
    return isTheirs(old) ? Optional.empty() : Optional.of(Refusals.exists(old));
  }

  /** Checks before a deletion. Objects need no grant to delete what they made. */
  Optional<Refused> toDelete(Association old) {
    if (!Grant.isOfObjects(actor)) {
      return notGranted(old);
    }
    return isTheirs(old) ? Optional.empty() : Optional.of(Refusals.notOfObjects(old, actor));
  }

  private boolean isTheirs(Association old) {
    return old.grantedBy().equals(actor)
        || !(Grant.isOfObjects(actor) || Grant.isOfObjects(old.grantedBy()));
  }

  private Optional<Refused> notGranted(Association old) {
    return grants.missing(actor, old.cluster(), old.spec().namespace()).map(Refusals::notGranted);
  }
}
