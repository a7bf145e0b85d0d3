package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.BoundedBody;
import io.claviger.broker.ingress.BoundedBody.BodyBudgetException;
import io.claviger.broker.ingress.admission.AdmissionDecision.Injected;
import io.claviger.broker.ingress.admission.AdmissionDecision.Untouched;
import io.claviger.broker.ingress.admission.AdmissionDecision.Why;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.config.lifecycle.UnexpectedFailures;
import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.Shares;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /mutate}, and {@code POST /mutate/always} for namespaces whose pods are all injected.
 * A review does not contain the namespace's labels, so the API server's selector chooses the path.
 * Each review gets {@code allowed: true}. The exceptions are a malformed request, an overloaded
 * broker, and a table that is behind. They get a status other than 200, so that the webhook's
 * {@code failurePolicy} decides. Lives on its server's event loop.
 */
final class AdmissionRoute {

  private static final String PATH = "/mutate";
  private static final String ALWAYS = PATH + "/always";

  /** A parsed body can be many times its size: 3 MiB become some 50 MiB of heap. */
  private static final int READ_AT_ONCE = 2;

  private final Vertx vertx;
  private final Context context;
  private final PodAdmission admission;
  private final AdmissionLimits limits;
  private final AdmissionMeters meters;
  private final UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);
  private final Shares reviews;
  private final Shares bytes;
  private final SourceTurns turns = new SourceTurns(READ_AT_ONCE);

  AdmissionRoute(
      Vertx vertx, PodAdmission admission, AdmissionLimits limits, AdmissionMeters meters) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.admission = admission;
    this.limits = limits;
    this.meters = meters;
    reviews = Shares.halves(limits.underWay());
    bytes = Shares.halves(limits.bytesUnderWay());
    meters.underWay(reviews::taken);
  }

  /** A review and its decision. */
  private record Decided(AdmissionReview review, AdmissionDecision decision) {}

  void handle(HttpServerRequest request) {
    AdmissionExchange exchange = new AdmissionExchange(request, meters);
    boolean always = ALWAYS.equals(request.path());
    if (!always && !PATH.equals(request.path())) {
      exchange.refuse(404, "unknown path: use %s or %s".formatted(PATH, ALWAYS));
    } else if (!HttpMethod.POST.equals(request.method())) {
      request.response().putHeader("Allow", "POST");
      exchange.refuse(405, "the method must be POST");
    } else if (!isJson(request.getHeader("Content-Type"))) {
      exchange.refuse(415, "the content type must be application/json");
    } else {
      String source = OpenConnections.source(request.remoteAddress());
      Reserved reserved = new Reserved(source);
      BoundedBody.read(vertx, request, limits.bodyBytes(), limits.bodyDeadline(), reserved::more)
          .onFailure(none -> reserved.release())
          .compose(body -> review(reserved, body, always))
          .onSuccess(decided -> answer(exchange, decided))
          .onFailure(failure -> fail(exchange, failure));
    }
  }

  /** The received bytes of one body. An announced length reserves nothing. */
  private final class Reserved {
    private final String source;
    private int reserved;

    Reserved(String source) {
      this.source = source;
    }

    boolean more(int part) {
      if (!bytes.take(source, part)) {
        return false;
      }
      reserved += part;
      return true;
    }

    void release() {
      bytes.release(source, reserved);
    }
  }

  private Future<Decided> review(Reserved reserved, Buffer body, boolean always) {
    if (!reviews.take(reserved.source, 1)) {
      reserved.release();
      return Future.failedFuture(new BodyBudgetException());
    }
    long late = System.nanoTime() + limits.deadline().toNanos();
    Future<Asked> read = read(reserved.source, body, always, late);
    Future<Decided> decided =
        read.compose(asked -> decide(asked).map(decision -> new Decided(asked.review(), decision)))
            .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS);
    // A queued body takes memory even after the client has timed out, so both must complete.
    Future.join(read, decided)
        .onComplete(
            done -> {
              reviews.release(reserved.source, 1);
              reserved.release();
            });
    return decided;
  }

  /** Parses on a worker thread: megabytes of JSON would block the event loop. */
  private Future<Asked> read(String source, Buffer body, boolean always, long late) {
    // A promise of the server's context: without one, its timeout fires on another thread.
    Promise<Asked> read = ((ContextInternal) context).promise();
    turns.enter(
        source,
        () ->
            vertx
                .executeBlocking(() -> Asked.read(body, always, late), false)
                .onComplete(
                    done -> {
                      turns.ended();
                      read.handle(done);
                    }));
    return read.future();
  }

  /** A parsed review and its pod. */
  private record Asked(AdmissionReview review, Optional<NewPod> pod) {
    static Asked read(Buffer body, boolean always, long late) throws TimeoutException {
      if (System.nanoTime() - late > 0) {
        throw new TimeoutException("the review timed out in the queue");
      }
      AdmissionReview review = AdmissionReview.read(body.getBytes());
      return new Asked(review, review.request().newPod(always));
    }
  }

  private Future<AdmissionDecision> decide(Asked asked) {
    return asked
        .pod()
        .map(pod -> Future.fromCompletionStage(admission.decide(pod), context))
        .orElseGet(() -> Future.succeededFuture(new Untouched(Why.NOT_MEANT)));
  }

  private static void answer(AdmissionExchange exchange, Decided decided) {
    switch (decided.decision()) {
      case Injected(var patch) ->
          exchange.answer("injected", AdmissionAnswer.to(decided.review(), patch));
      // The failurePolicy decides whether such a pod may start.
      case Untouched(var why) when why == Why.UNKNOWN -> unknown(exchange);
      case Untouched(var why) ->
          exchange.answer(
              why.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              AdmissionAnswer.to(decided.review(), List.of()));
    }
  }

  private static void unknown(AdmissionExchange exchange) {
    exchange.answer(
        503, "unknown", "this broker cannot determine yet whether the pod has an association");
  }

  private void fail(AdmissionExchange exchange, Throwable failure) {
    switch (failure) {
      case BoundedBody.TooLargeException tooLarge ->
          exchange.refuse(413, String.valueOf(tooLarge.getMessage()));
      case TimeoutException late -> unknown(exchange);
      case BodyBudgetException noRoom ->
          exchange.answer(503, "busy", String.valueOf(noRoom.getMessage()));
      case MalformedRecordException malformed ->
          exchange.answer(400, "malformed", String.valueOf(malformed.getMessage()));
      default -> {
        if (exchange.isOpen()) {
          failures.saw("answering a review", failure);
        }
        exchange.answer(500, "failed", "the broker failed to answer");
      }
    }
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }
}
