package io.claviger.broker.issuance;

import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.TableChange;
import io.claviger.schemas.association.Association;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Drops the sessions of an association's earlier revision when the association changes or is
 * deleted.
 */
final class SessionInvalidation implements AssociationListener {

  private final Sessions sessions;
  private final SessionEvents events;

  SessionInvalidation(Sessions sessions, SessionEvents events) {
    this.sessions = sessions;
    this.events = events;
  }

  @Override
  public void applied(TableChange change) {
    change
        .before()
        .ifPresent(was -> applied(was, change.after().filter(now -> now.id().equals(was.id()))));
  }

  private void applied(Association was, Optional<Association> now) {
    if (now.isPresent() && now.get().revision() == was.revision()) {
      return;
    }
    OptionalLong kept =
        now.map(association -> OptionalLong.of(association.revision()))
            .orElseGet(OptionalLong::empty);
    events.dropped(
        was,
        sessions.dropOtherRevisions(was.id(), kept),
        kept.isPresent()
            ? "the association is at revision " + kept.getAsLong() + " now"
            : "the association is deleted");
  }
}
