package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides whether an association may issue its role to a workload at this moment. */
@FunctionalInterface
public interface Permissions {

  /** Returns the reason of a denial; empty if the association may. */
  Optional<Denial> denial(WorkloadIdentity workload, Association association);

  /**
   * A denial.
   *
   * @param message for a person: what is wrong and what to do
   */
  record Denial(RefusalReason reason, String message) {}

  /** Decides by the grants of the principal that made the association, and by revocations. */
  static Permissions of(Supplier<Grants> grants, Revocations revocations) {
    return (workload, association) ->
        grants
            .get()
            .missing(association)
            .map(missing -> new Denial(RefusalReason.NOT_GRANTED, missing))
            .or(() -> revocations.revoking(workload, association).map(Permissions::revoked));
  }

  private static Denial revoked(Revocation revocation) {
    RefusalReason reason =
        switch (revocation.subject().kind()) {
          case NODE, POD -> RefusalReason.POD_REVOKED;
          case ROLE, WORKLOAD -> RefusalReason.ROLE_REVOKED;
        };
    return new Denial(
        reason,
        "credentials of %s are revoked since %s by %s: claviger revoke --undo lifts it"
            .formatted(revocation.subject().text(), revocation.since(), revocation.actor()));
  }
}
