package io.claviger.edge.ingress;

import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.credential.CachedSession;
import io.claviger.edge.credential.CredentialOutcome;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.vertx.core.http.HttpServerRequest;

/** Answers pods with credentials, and has it recorded who got which. Thread-safe. */
final class CredentialResponse {

  private final CredentialBodies bodies;
  private final Replies replies;
  private final Deliveries deliveries;

  CredentialResponse(CredentialBodies bodies, Replies replies, Deliveries deliveries) {
    this.bodies = bodies;
    this.replies = replies;
    this.deliveries = deliveries;
  }

  /** From memory. */
  void cached(HttpServerRequest request, WorkloadIdentity pod, CachedSession cached) {
    deliveries.served(
        pod, cached.associationId(), cached.revision(), cached.credentials(), ServedFrom.MEMORY);
    replies.ok(request, bodies.of(cached.credentials()));
  }

  /** After somebody was asked. */
  void issued(HttpServerRequest request, CredentialOutcome.Issued issued) {
    deliveries.served(
        issued.pod(),
        issued.associationId(),
        issued.revision(),
        issued.credentials(),
        issued.from());
    replies.ok(request, bodies.of(issued.credentials()));
  }
}
