package io.claviger.edge.ingress;

import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.Shares;
import io.claviger.edge.credential.CachedSession;
import io.claviger.edge.credential.NodeCredentials;
import io.claviger.edge.credential.PodAnswer;
import io.claviger.edge.telemetry.EdgeMeters.RequestResult;
import io.claviger.edge.workload.ServedHosts;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.WorkloadTokens;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/credentials}: the container-credentials protocol of every AWS SDK, as EKS Pod
 * Identity's agent serves it. Shared by all listeners; thread-safe.
 */
public final class CredentialRoute {

  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final RequestCheck check;
  private final WorkloadTokens tokens;
  private final NodeCredentials credentials;
  private final IngressTimes times;
  private final Shares limits;
  private final Shares unprovenLimits;

  /** Bounds the requests whose 503 is delayed: SDKs use up their retries on an immediate 503. */
  private final Semaphore pauses;

  private final OpenConnections<HttpConnection> connections;
  private final PodResponder responder;

  public CredentialRoute(
      Vertx vertx,
      ServedHosts hosts,
      WorkloadTokens tokens,
      NodeCredentials credentials,
      IngressTimes times,
      IngressLimits limits,
      PodResponder responder) {
    this.vertx = vertx;
    this.check = new RequestCheck(hosts);
    this.tokens = tokens;
    this.credentials = credentials;
    this.times = times;
    this.limits = limits.waiting();
    this.unprovenLimits = limits.unproven();
    this.pauses = new Semaphore(limits.requests());
    this.connections = limits.openWithin(Runtime.getRuntime().maxMemory());
    this.responder = responder;
  }

  /** Returns the connections of all listeners. */
  OpenConnections<HttpConnection> connections() {
    return connections;
  }

  /**
   * Answers a request, now or later.
   *
   * @param verifications of the event loop that handles the request
   */
  void handle(HttpServerRequest request, VerificationQueue verifications) {
    try {
      answer(request, verifications);
    } catch (RuntimeException e) {
      responder.failed(request, e);
    }
  }

  private void answer(HttpServerRequest request, VerificationQueue verifications) {
    Problem wrong = check.wrong(request);
    String token = wrong == null ? token(request) : null;
    if (token == null) {
      reject(request, wrong == null ? Problem.NO_TOKEN : wrong);
      return;
    }
    TokenCheck.Verified known = tokens.remembered(token);
    if (known != null) {
      connections.verified(request.connection());
    }
    // Even if the request is late: this takes no time.
    if (known != null && isAnsweredFromMemory(request, token, known)) {
      return;
    }
    Unknown arrived = new Unknown(request, token, Arrival.of(request));
    if (arrived.isTooLate()) {
      return;
    }
    if (known != null) {
      arrived.await(known);
    } else if (limits.full()) {
      arrived.overloaded();
    } else {
      verifications.add(arrived);
    }
  }

  /** SDKs send the file's content as it is; {@code Bearer} before it is tolerated. */
  private static @Nullable String token(HttpServerRequest request) {
    String value = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (value == null) {
      return null;
    }
    String token =
        value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? value.substring(BEARER.length()).strip()
            : value.strip();
    return token.isEmpty() ? null : token;
  }

  private void reject(HttpServerRequest request, Problem problem) {
    responder.problem(request, problem, RequestResult.REJECTED);
  }

  private boolean isAnsweredFromMemory(
      HttpServerRequest request, String token, TokenCheck.Verified verified) {
    CachedSession cached = credentials.cached(token, verified);
    if (cached != null) {
      responder.cached(request, verified.token().workload(), cached);
    }
    return cached != null;
  }

  /** A request whose token is not verified yet. */
  private final class Unknown implements VerificationQueue.Unverified {
    private final HttpServerRequest request;
    private final String token;
    private final long arrived;

    Unknown(HttpServerRequest request, String token, long arrived) {
      this.request = request;
      this.token = token;
      this.arrived = arrived;
    }

    @Override
    public boolean isLate() {
      return System.nanoTime() - arrived > times.late().toNanos();
    }

    private Duration left() {
      return times.deadline().minusNanos(System.nanoTime() - arrived);
    }

    /** Whether it is too late to obtain an answer; if the client is still there, it gets a 503. */
    private boolean isTooLate() {
      if (request.response().closed()) {
        responder.gone();
        return true;
      }
      if (isLate()) {
        responder.problem(request, Problem.LATE, RequestResult.LATE);
        return true;
      }
      return false;
    }

    @Override
    public String source() {
      return address(request);
    }

    @Override
    public void verify() {
      try {
        verifyAndAnswer();
      } catch (RuntimeException e) {
        responder.failed(request, e);
      }
    }

    private void verifyAndAnswer() {
      if (isTooLate()) {
        return;
      }
      switch (tokens.check(token)) {
        case TokenCheck.Verified verified -> {
          connections.verified(request.connection());
          if (!isAnsweredFromMemory(request, token, verified)) {
            await(verified);
          }
        }
        case TokenCheck.Unproven unproven ->
            await(
                unprovenLimits,
                address(request),
                () -> credentials.obtain(token, unproven, left()));
        case TokenCheck.Rejected(var reason, var message) ->
            reject(request, Problem.of(reason, message));
      }
    }

    @Override
    public void refuse() {
      if (!isTooLate()) {
        overloaded();
      }
    }

    private void await(TokenCheck.Verified verified) {
      await(
          limits,
          verified.token().pod().uid(),
          () -> credentials.obtain(token, verified.token(), left()));
    }

    private void await(Shares within, String pod, Supplier<CompletionStage<PodAnswer>> ask) {
      if (within.take(pod, 1)) {
        waiting(() -> within.release(pod, 1)).await(vertx.getOrCreateContext(), ask);
      } else {
        overloaded();
      }
    }

    private void overloaded() {
      if (pauses.tryAcquire()) {
        waiting(pauses::release).pause(Problem.OVERLOADED, RequestResult.OVERLOADED);
      } else {
        responder.problem(request, Problem.OVERLOADED, RequestResult.OVERLOADED);
      }
    }

    private WaitingRequest waiting(Runnable answered) {
      return new WaitingRequest(vertx, request, arrived, times, responder, answered);
    }
  }

  /** Before its identity is proven, a pod is identified by the address of its request. */
  private static String address(HttpServerRequest request) {
    return request.remoteAddress().hostAddress();
  }

  /** Answers a request that is not HTTP/1.1 or too large. */
  void malformed(HttpServerRequest request) {
    boolean tooLarge = request.decoderResult().cause() instanceof TooLongFrameException;
    reject(request, tooLarge ? Problem.TOO_LARGE : Problem.MALFORMED);
  }

  /** Makes every further answer the last of its connection. */
  public void drain() {
    responder.drain();
  }
}
