package io.claviger.edge.credential;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.workload.WorkloadIdentity;

/** Who shares a flight. */
sealed interface FlightKey {

  /** Everybody who has proven to be this workload. */
  record OfWorkload(WorkloadIdentity workload) implements FlightKey {}

  /** Everybody who sends this very token, which nobody has verified yet. */
  record OfToken(TokenHash hash) implements FlightKey {}
}
