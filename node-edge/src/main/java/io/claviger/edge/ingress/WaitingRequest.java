package io.claviger.edge.ingress;

import io.claviger.edge.credential.CredentialOutcome;
import io.claviger.edge.credential.PodAnswer;
import io.claviger.edge.telemetry.EdgeMeters.RequestResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request that could not be answered at once. It is answered when the flight ends, or at the
 * deadline. A failure is not answered too soon. Used on the request's context only.
 */
final class WaitingRequest {

  /** Not 0, which is the id of the first timer of a Vert.x. */
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final long arrived;
  private final IngressTimes times;
  private final PodResponder responder;
  private final Runnable answered;
  private @Nullable Problem early;
  private boolean done;
  private long timer = NO_TIMER;

  /**
   * Creates a request for which no broker was asked yet.
   *
   * @param arrived when it did, by {@link System#nanoTime()}
   * @param answered called once, after the answer
   */
  WaitingRequest(
      Vertx vertx,
      HttpServerRequest request,
      long arrived,
      IngressTimes times,
      PodResponder responder,
      Runnable answered) {
    this.vertx = vertx;
    this.request = request;
    this.arrived = arrived;
    this.times = times;
    this.responder = responder;
    this.answered = answered;
  }

  /** Answers with the outcome; asks again if it may change before the deadline. */
  void await(Context context, Supplier<CompletionStage<PodAnswer>> ask) {
    timer = at(times.deadline(), this::late);
    ask(context, ask);
  }

  private void late() {
    if (early != null) {
      problem(early, RequestResult.EARLY);
    } else {
      over(() -> responder.silent(request));
    }
  }

  private void ask(Context context, Supplier<CompletionStage<PodAnswer>> ask) {
    asked(ask)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                responder.saw("requesting credentials", failure);
              }
              context.runOnContext(nothing -> arrived(answer, () -> ask(context, ask), context));
            });
  }

  private static CompletionStage<PodAnswer> asked(Supplier<CompletionStage<PodAnswer>> ask) {
    try {
      return ask.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void arrived(@Nullable PodAnswer answer, Runnable again, Context context) {
    if (done) {
      return;
    }
    switch (answer) {
      case CredentialOutcome.Issued issued -> over(() -> responder.issued(request, issued));
      case CredentialOutcome.Refused(var reason, var message) ->
          problem(Problem.of(reason, message), RequestResult.REFUSED);
      case CredentialOutcome.Unavailable unavailable ->
          pause(Problem.unavailable(unavailable.message()), RequestResult.UNAVAILABLE);
      case PodAnswer.Early(var message, var change) -> {
        early = Problem.early(message);
        change.thenRun(() -> context.runOnContext(nothing -> unlessDone(again)));
      }
      case null -> pause(Problem.FAILED, RequestResult.UNAVAILABLE);
    }
  }

  private void unlessDone(Runnable again) {
    if (!done) {
      again.run();
    }
  }

  /** Answers 503, but only after a pause, because SDKs retry at once. */
  void pause(Problem problem, RequestResult result) {
    vertx.cancelTimer(timer);
    timer = at(times.unavailablePause(), () -> problem(problem, result));
  }

  private long at(Duration sinceArrival, Runnable task) {
    long left = sinceArrival.minusNanos(System.nanoTime() - arrived).toMillis();
    return vertx.setTimer(Math.max(1, left), id -> task.run());
  }

  private void problem(Problem problem, RequestResult result) {
    over(() -> responder.problem(request, problem, result));
  }

  private void over(Runnable respond) {
    if (!done) {
      done = true;
      vertx.cancelTimer(timer);
      responder.waited(Duration.ofNanos(System.nanoTime() - arrived));
      answered.run();
      respond.run();
    }
  }
}
