package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand.Restore;
import io.claviger.schemas.association.AssociationCommand.Revoke;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import io.claviger.schemas.bus.RevokedPods;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The rules of revoking and restoring on one cluster at one moment. */
record RevocationRules(String cluster, Grants grants, String actor, LogState state, Instant now) {

  /** Every request checks every revocation. This number suits an incident, not an inventory. */
  private static final int MAXIMUM = 1_000;

  /** A principal that may revoke only in some namespaces gets a tenth of the maximum. */
  private static final int SHARE = 10;

  /** A fifth of the maximum is reserved for principals that may revoke everywhere. */
  private static final int RESERVE = 5;

  Result rule(Revoke revoke) {
    return granted(
        revoke.subject(),
        () ->
            state
                .revocation(cluster, revoke.subject())
                .map(this::again)
                .orElseGet(() -> add(revoke.subject())));
  }

  Result rule(Restore restore) {
    return granted(
        restore.subject(),
        () ->
            state
                .revocation(cluster, restore.subject())
                .map(this::lift)
                .orElseGet(() -> Refusals.notRevoked(restore.subject())));
  }

  private boolean everywhere(String principal) {
    return grants.missingToRevokeEverywhere(principal, cluster).isEmpty();
  }

  /**
   * An actor that may revoke everywhere takes the revocation over. Otherwise an actor with a
   * narrower grant could lift it.
   */
  private Result again(Revocation old) {
    return everywhere(actor) && !everywhere(old.actor())
        ? new Settled(Effect.CHANGED, new Revocation(cluster, old.subject(), old.since(), actor))
        : new Settled(Effect.UNCHANGED, old);
  }

  private Result lift(Revocation old) {
    return mayLift(old) ? new Settled(Effect.REMOVED, old) : Refusals.revokedByOthers(old);
  }

  /**
   * Lifting needs a grant as wide as the revoker's. If the revoker has no grant any more, its width
   * is unknown.
   */
  private boolean mayLift(Revocation old) {
    return actor.equals(old.actor())
        || everywhere(actor)
        || (!everywhere(old.actor())
            && grants.missingToRevoke(old.actor(), cluster, old.subject()).isEmpty());
  }

  private Result add(RevokedSubject subject) {
    return Refusals.or(
        SpecRules.subject(subject).or(() -> tooMany(subject.kind())),
        () -> new Settled(Effect.CREATED, new Revocation(cluster, subject, now, actor)));
  }

  private Optional<Refused> tooMany(Kind kind) {
    return tooMany(MAXIMUM, "revocations", revocation -> true)
        .or(
            () ->
                kind == Kind.POD
                    ? tooMany(
                        RevokedPods.MAX_PODS,
                        "revoked pods",
                        revocation -> revocation.subject().kind() == Kind.POD)
                    : Optional.empty());
  }

  private Optional<Refused> tooMany(int maximum, String what, Predicate<Revocation> counted) {
    List<Revocation> there = state.revocations(cluster).stream().filter(counted).toList();
    if (everywhere(actor)) {
      return there.size() >= maximum
          ? Optional.of(Refusals.revocationLimit("cluster " + cluster, maximum, what))
          : Optional.empty();
    }
    int share = maximum / SHARE;
    if (there.stream().filter(revocation -> revocation.actor().equals(actor)).count() >= share) {
      return Optional.of(Refusals.revocationLimit(actor, share, what));
    }
    int unreserved = maximum - maximum / RESERVE;
    return there.size() >= unreserved
        ? Optional.of(
            Refusals.revocationLimit(
                "cluster " + cluster,
                unreserved,
                what + ", and the rest is reserved for grants over all namespaces"))
        : Optional.empty();
  }

  private Result granted(RevokedSubject subject, Supplier<Result> then) {
    return Refusals.or(
        grants.missingToRevoke(actor, cluster, subject).map(Refusals::notGranted), then);
  }
}
