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
 * Answers pods, with credentials or with what is wrong, and has it counted and recorded. What a
 * request came to is counted before it is answered. Shared by all listeners; thread-safe.
 */
public final class PodResponder {

  private final CredentialBodies bodies;
  private final Deliveries deliveries;
  private final BooleanSupplier connected;
  private final EdgeMeters meters;
  private final Replies replies = new Replies();
  private final UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);

  /**
   * Answers.
   *
   * @param workloads how many of them have their answers kept as bytes
   * @param connected whether there is a broker that can be asked
   */
  public PodResponder(
      int workloads, Deliveries deliveries, BooleanSupplier connected, EdgeMeters meters) {
    this.bodies = new CredentialBodies(workloads);
    this.deliveries = deliveries;
    this.connected = connected;
    this.meters = meters;
  }

  /** From memory. */
  void cached(HttpServerRequest request, WorkloadIdentity pod, CachedSession cached) {
    meters.request(RequestResult.HIT);
    deliveries.served(
        pod, cached.associationId(), cached.revision(), cached.credentials(), ServedFrom.MEMORY);
    replies.ok(request, bodies.of(cached.credentials()));
  }

  /** After somebody was asked. Nothing is recorded for a pod that has gone meanwhile. */
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

  /** Nothing was said until the deadline. */
  void silent(HttpServerRequest request) {
    problem(
        request,
        connected.getAsBoolean() ? Problem.DEADLINE : Problem.NO_BROKER,
        RequestResult.DEADLINE);
  }

  /** A bug of ours, or of a library. */
  void failed(HttpServerRequest request, RuntimeException failure) {
    saw("answering a pod", failure);
    problem(request, Problem.FAILED, RequestResult.UNAVAILABLE);
  }

  /** Logs what should not happen. */
  void saw(String during, Throwable failure) {
    failures.saw(during, failure);
  }

  /** The client has gone: there is nobody to answer. */
  void gone() {
    meters.request(RequestResult.GONE);
  }

  /** So long a request has waited that was not answered at once. */
  void waited(Duration time) {
    meters.waited(time);
  }

  /** From now on every answer is the last of its connection. */
  void drain() {
    replies.drain();
  }
}
