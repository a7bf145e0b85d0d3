package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import java.util.Optional;

/**
 * Whose an association is, where Kubernetes objects are concerned: what a namespace's objects say,
 * nobody else changes, as their controller would change it back; and what somebody else made, they
 * do not touch. The API may delete all the same: without a controller nobody else could.
 *
 * @param actor who asks
 */
record Ownership(Grants grants, String actor) {

  /** Before it is made to say something else, tags included. */
  Optional<Refused> toChange(Association old) {
    return notGranted(old)
        .or(() -> isTheirs(old) ? Optional.empty() : Optional.of(Refusals.ownedByObjects(old)));
  }

  /** Before it becomes what the actor declares. */
  Optional<Refused> toDeclare(Association old) {
    return isTheirs(old) ? Optional.empty() : Optional.of(Refusals.exists(old));
  }

  /** Before it is deleted. Objects need no grant to take back what they made. */
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
