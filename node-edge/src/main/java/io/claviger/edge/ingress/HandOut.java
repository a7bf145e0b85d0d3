package io.claviger.edge.ingress;

import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.credential.CredentialOutcome;
import io.claviger.edge.credential.HeldSession;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.vertx.core.http.HttpServerRequest;

/** Answers pods with credentials, and has it recorded who got which. Thread-safe. */
final class HandOut {

  private final CredentialBodies bodies;
  private final Replies replies;
  private final Deliveries deliveries;

  HandOut(CredentialBodies bodies, Replies replies, Deliveries deliveries) {
    this.bodies = bodies;
    this.replies = replies;
    this.deliveries = deliveries;
  }

  /** From memory. */
  void held(HttpServerRequest request, WorkloadIdentity pod, HeldSession held) {
    deliveries.handed(
        pod, held.associationId(), held.revision(), held.credentials(), ServedFrom.MEMORY);
    replies.ok(request, bodies.of(held.credentials()));
  }

  /** After somebody was asked. */
  void issued(HttpServerRequest request, CredentialOutcome.Issued issued) {
    deliveries.handed(
        issued.pod(),
        issued.associationId(),
        issued.revision(),
        issued.credentials(),
        issued.from());
    replies.ok(request, bodies.of(issued.credentials()));
  }
}
