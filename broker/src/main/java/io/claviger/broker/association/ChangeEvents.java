package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.CredentialEvent.Type;
import io.claviger.schemas.event.EventBuilder;
import java.util.Optional;

/** Converts decisions to audit events: one for each change of the log, with its actor. */
public final class ChangeEvents {

  private ChangeEvents() {}

  /**
   * Returns the event of a decision; empty if nothing changed.
   *
   * @param actor who sent the command
   * @param member the broker that decided
   */
  public static Optional<CredentialEvent> of(Decision decision, String actor, String member) {
    AssociationOutcome outcome = decision.answer();
    return decision.entry().flatMap(entry -> of(outcome, actor, member));
  }

  private static Optional<CredentialEvent> of(
      AssociationOutcome outcome, String actor, String member) {
    EventBuilder event =
        CredentialEvent.of(
            Type.ASSOCIATION_CHANGED, outcome.decidedAt(), member, outcome.cluster());
    String at = " by " + actor + " at position " + outcome.position().sequence();
    return switch (outcome.result()) {
      case Accepted(var effect, var association) ->
          Optional.of(about(event, association).because(effect.text(), effect.text() + at).build());
      case Settled(var effect, var revocation) -> {
        String done = effect == Effect.REMOVED ? "restored" : "revoked";
        yield Optional.of(
            event.because(done, revocation.subject().text() + " " + done + at).build());
      }
      case Bound(var effect, var uid) ->
          Optional.of(
              event.because("bound", "the cluster's uid is " + uid + " from now on" + at).build());
      case Refused refused -> Optional.empty();
    };
  }

  private static EventBuilder about(EventBuilder event, Association association) {
    return event
        .of(association.spec().namespace(), association.spec().serviceAccount())
        .under(association.id(), association.revision())
        .role(association.spec().roleArn());
  }
}
