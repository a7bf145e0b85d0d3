package io.claviger.edge.ingress;

import io.claviger.config.lifecycle.UnexpectedFailures;
import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.credential.CachedSession;
import io.claviger.edge.credential.CredentialOutcome;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.RequestResult;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Answers pods with credentials or a problem; counts and records the answers. A request is counted
 * before it is answered. Shared by all listeners; thread-safe.
 */
public final class PodResponder {

  private final CredentialBodies bodies;
  private final Deliveries deliveries;
  private final BooleanSupplier connected;
  private final EdgeMeters meters;
  private final Replies replies = new Replies();
  private final UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);

  /**
   * Creates a responder.
   *
   * @param workloads how many of them have their rendered answers cached
   * @param connected whether a broker is connected
   */
  public PodResponder(
      int workloads, Deliveries deliveries, BooleanSupplier connected, EdgeMeters meters) {
    this.bodies = new CredentialBodies(workloads);
    this.deliveries = deliveries;
    this.connected = connected;
    this.meters = meters;
  }

  /** Answers from the cache. */
  void cached(HttpServerRequest request, WorkloadIdentity pod, CachedSession cached) {
    meters.request(RequestResult.HIT);
    deliveries.served(
        pod, cached.associationId(), cached.revision(), cached.credentials(), ServedFrom.MEMORY);
    replies.ok(request, bodies.of(cached.credentials()));
  }

  /**
   * Answers with what was requested. If the client has disconnected meanwhile, nothing is recorded.
   */
  void issued(HttpServerRequest request, CredentialOutcome.Issued issued) {
    meters.request(RequestResult.MISS);
    if (!request.response().closed()) {
      deliveries.served(
          issued.pod(),
          issued.associationId(),
          issued.revision(),
          issued.credentials(),
          issued.from());
      replies.ok(request, bodies.of(issued.credentials()));
    }
  }

  void problem(HttpServerRequest request, Problem problem, RequestResult result) {
    meters.request(result);
    replies.problem(request, problem);
  }

  /** Answers at the deadline without an outcome. */
  void silent(HttpServerRequest request) {
    problem(
        request,
        connected.getAsBoolean() ? Problem.DEADLINE : Problem.NO_BROKER,
        RequestResult.DEADLINE);
  }

  /** Answers after a bug, of this program or of a library. */
  void failed(HttpServerRequest request, RuntimeException failure) {
    saw("answering a pod", failure);
    problem(request, Problem.FAILED, RequestResult.UNAVAILABLE);
  }

  /** Logs an unexpected failure. */
  void saw(String during, Throwable failure) {
    failures.saw(during, failure);
  }

  /** Counts a request whose client has disconnected. */
  void gone() {
    meters.request(RequestResult.GONE);
  }

  /** Records how long a request waited that was not answered at once. */
  void waited(Duration time) {
    meters.waited(time);
  }

  /** Makes every further answer the last of its connection. */
  void drain() {
    replies.drain();
  }
}
