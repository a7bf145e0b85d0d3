package io.claviger.edge.credential;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.workload.WorkloadIdentity;

/** Identifies the requesters that share a flight. */
sealed interface FlightKey {

  /** All requesters that are proven to be this workload. */
  record OfWorkload(WorkloadIdentity workload) implements FlightKey {}

  /** All requesters with exactly this token, which is not verified yet. */
  record OfToken(TokenHash hash) implements FlightKey {}
}
