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
 * {@code POST /mutate}, and {@code /mutate/always} for namespaces of which every pod is injected:
 * their labels are in no review, so the API server's selector says it by the path. What is no
 * review gets a status that is not 200, so that the webhook's {@code failurePolicy} decides, and so
 * does a review for which the table is behind; any other gets {@code allowed: true}. Lives on its
 * server's event loop.
 */
final class AdmissionRoute {

  private static final String PATH = "/mutate";
  private static final String ALWAYS = PATH + "/always";

  /** What is read of a body can be many times its size: 3 MiB of it, some 50 in the heap. */
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

  /** A review that was read, and what was decided. */
  private record Decided(AdmissionReview review, AdmissionDecision decision) {}

  void handle(HttpServerRequest request) {
    AdmissionExchange exchange = new AdmissionExchange(request, meters);
    boolean always = ALWAYS.equals(request.path());
    if (!always && !PATH.equals(request.path())) {
      exchange.refuse(404, "only %s and %s are here".formatted(PATH, ALWAYS));
    } else if (!HttpMethod.POST.equals(request.method())) {
      request.response().putHeader("Allow", "POST");
      exchange.refuse(405, "only POST");
    } else if (!isJson(request.getHeader("Content-Type"))) {
      exchange.refuse(415, "only application/json");
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

  /** What has come of one body: who announces much and sends nothing takes no place. */
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
    // A body that waits for its turn is there also when nobody waits for its answer any more.
    Future.join(read, decided)
        .onComplete(
            done -> {
              reviews.release(reserved.source, 1);
              reserved.release();
            });
    return decided;
  }

  /** Megabytes of JSON are no business of an event loop. */
  private Future<Asked> read(String source, Buffer body, boolean always, long late) {
    // Of the server's context: a promise of none has its time-out on another thread.
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

  /** A review with the pod that is in it. */
  private record Asked(AdmissionReview review, Optional<NewPod> pod) {
    static Asked read(Buffer body, boolean always, long late) throws TimeoutException {
      if (System.nanoTime() - late > 0) {
        throw new TimeoutException("nobody waits for it any more");
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
      // Whether such a pod may start all the same is for the failurePolicy to say.
      case Untouched(var why) when why == Why.UNKNOWN -> unknown(exchange);
      case Untouched(var why) ->
          exchange.answer(
              why.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              AdmissionAnswer.to(decided.review(), List.of()));
    }
  }

  private static void unknown(AdmissionExchange exchange) {
    exchange.answer(503, "unknown", "this broker does not know yet what is associated");
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
