package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.BoundedBody;
import io.claviger.broker.ingress.BoundedBody.NoRoomException;
import io.claviger.broker.ingress.admission.Verdict.Injected;
import io.claviger.broker.ingress.admission.Verdict.Untouched;
import io.claviger.broker.ingress.admission.Verdict.Why;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.config.lifecycle.UnexpectedFailures;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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

  private final Vertx vertx;
  private final Context context;
  private final PodAdmission admission;
  private final AdmissionLimits limits;
  private final AdmissionMeters meters;
  private final UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);
  private final AtomicInteger underWay = new AtomicInteger();
  private long bytesUnderWay;

  AdmissionRoute(
      Vertx vertx, PodAdmission admission, AdmissionLimits limits, AdmissionMeters meters) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.admission = admission;
    this.limits = limits;
    this.meters = meters;
    meters.underWay(underWay::get);
  }

  /** A review that was read, and what was decided. */
  private record Decided(AdmissionReview review, Verdict verdict) {}

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
      Held held = new Held();
      BoundedBody.read(vertx, request, limits.bodyBytes(), limits.bodyDeadline(), held::more)
          .compose(body -> review(body, always))
          .onComplete(done -> bytesUnderWay -= held.bytes)
          .onSuccess(decided -> answer(exchange, decided))
          .onFailure(failure -> fail(exchange, failure));
    }
  }

  /** What has come of one body: who announces much and sends nothing takes no place. */
  private final class Held {
    private int bytes;

    boolean more(int part) {
      if (bytesUnderWay + part > limits.bytesUnderWay()) {
        return false;
      }
      bytes += part;
      bytesUnderWay += part;
      return true;
    }
  }

  private Future<Decided> review(Buffer body, boolean always) {
    if (underWay.get() >= limits.underWay()) {
      return Future.failedFuture(new NoRoomException());
    }
    underWay.incrementAndGet();
    long late = System.nanoTime() + limits.deadline().toNanos();
    // Megabytes of JSON are no business of an event loop; one after the other, as what is read of a
    // body can be many times its size.
    return vertx
        .executeBlocking(() -> Asked.read(body, always, late), true)
        .compose(asked -> decide(asked).map(verdict -> new Decided(asked.review(), verdict)))
        .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> underWay.decrementAndGet());
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

  private Future<Verdict> decide(Asked asked) {
    return asked
        .pod()
        .map(pod -> Future.fromCompletionStage(admission.decide(pod), context))
        .orElseGet(() -> Future.succeededFuture(new Untouched(Why.NOT_MEANT)));
  }

  private static void answer(AdmissionExchange exchange, Decided decided) {
    switch (decided.verdict()) {
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
      case NoRoomException noRoom ->
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
