package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand.Restore;
import io.claviger.schemas.association.AssociationCommand.Revoke;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import io.claviger.schemas.bus.Withheld;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The rules of revoking and restoring on one cluster at one moment. */
record RevocationRules(String cluster, Grants grants, String actor, LogState state, Instant now) {

  /** Each is looked at for every request: an incident's number, not an inventory's. */
  private static final int MAXIMUM = 1_000;

  Ruling rule(Revoke revoke) {
    return granted(
        revoke.subject(),
        () ->
            state
                .revocation(cluster, revoke.subject())
                .<Ruling>map(old -> new Ruling.Settled(Effect.UNCHANGED, old))
                .orElseGet(() -> add(revoke.subject())));
  }

  Ruling rule(Restore restore) {
    return granted(
        restore.subject(),
        () ->
            state
                .revocation(cluster, restore.subject())
                .<Ruling>map(old -> new Ruling.Settled(Effect.REMOVED, old))
                .orElseGet(() -> new Ruling.Refuse(Refusals.notRevoked(restore.subject()))));
  }

  private Ruling add(RevokedSubject subject) {
    Optional<Refused> refused = SpecRules.subject(subject).or(() -> tooMany(subject.kind()));
    return refused.isPresent()
        ? new Ruling.Refuse(refused.get())
        : new Ruling.Settled(Effect.CREATED, new Revocation(cluster, subject, now, actor));
  }

  private Optional<Refused> tooMany(Kind kind) {
    if (state.revocations(cluster) >= MAXIMUM) {
      return Optional.of(Refusals.revocationLimit(cluster, MAXIMUM + " revocations"));
    }
    return kind == Kind.POD && state.revocations(cluster, Kind.POD) >= Withheld.MAX_PODS
        ? Optional.of(Refusals.revocationLimit(cluster, Withheld.MAX_PODS + " revoked pods"))
        : Optional.empty();
  }

  private Ruling granted(RevokedSubject subject, Supplier<Ruling> then) {
    Optional<String> missing = grants.missingToRevoke(actor, cluster, subject);
    return missing
        .<Ruling>map(text -> new Ruling.Refuse(Refusals.notGranted(text)))
        .orElseGet(then);
  }
}
