package io.claviger.edge.upstream;

import io.claviger.edge.credential.Upstream;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RefusalReason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the preferred broker, and to the second one if the first gives no sign of life
 * ({@link Hedging}). It tries the second one at once if the first lacks data, or if it rejects a
 * token as not yet valid. The first definite answer wins. The result is unavailable only if all
 * brokers that were tried answered so. Each request carries the time that is left; none is sent
 * without any.
 */
public final class HedgedBrokers implements Upstream {

  private static final long AGAIN_MS = 100;

  private static final CredentialReply NOT_IN_TIME =
      new CredentialReply.Unavailable("no broker answered in time", AGAIN_MS);

  /** Not 0, which is the id of the first timer of a Vert.x. */
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Context context;
  private final BrokerLinks links;
  private final Hedging hedging;

  public HedgedBrokers(Vertx vertx, Context context, BrokerLinks links, Hedging hedging) {
    this.vertx = vertx;
    this.context = context;
    this.links = links;
    this.hedging = hedging;
  }

  @Override
  public CompletionStage<CredentialReply> ask(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    Race race = new Race(request, timeout, otherFirst);
    context.runOnContext(nothing -> race.start());
    return race.answer;
  }

  private final class Race {
    private final CredentialRequest request;
    private final Duration timeout;
    private final boolean otherFirst;
    private final long began = hedging.nanoTime();
    private final CompletableFuture<CredentialReply> winner = new CompletableFuture<>();
    private final CompletionStage<CredentialReply> answer =
        winner.whenComplete((reply, failure) -> cancelTimers());
    private final Set<BrokerConnection> asked = new HashSet<>();

    /** The result if no broker that was tried gives a better one. */
    private CredentialReply otherwise = new CredentialReply.Unavailable(NO_BROKER, AGAIN_MS);

    private int waitingFor;
    private long end = NO_TIMER;
    private Hedging.@Nullable Watch watch;

    Race(CredentialRequest request, Duration timeout, boolean otherFirst) {
      this.request = request;
      this.timeout = timeout;
      this.otherFirst = otherFirst;
    }

    void start() {
      end = vertx.setTimer(Math.max(1, timeout.toMillis()), timer -> winner.complete(NOT_IN_TIME));
      askNext();
    }

    private void cancelTimers() {
      vertx.cancelTimer(end);
      unwatch();
    }

    private void unwatch() {
      if (watch != null) {
        watch.cancel();
      }
    }

    private void askNext() {
      BrokerConnection next = next();
      CredentialRequest now = withTimeLeft();
      if (next == null || now == null) {
        if (waitingFor == 0) {
          winner.complete(now == null && asked.isEmpty() ? NOT_IN_TIME : otherwise);
        }
        return;
      }
      asked.add(next);
      waitingFor++;
      unwatch();
      watch =
          hedging.watch(
              next, () -> withTimeLeft() != null && links.next(asked) != null, this::askNext);
      next.request(BusProtocol.CREDENTIALS, now, CredentialReply.class, timeout, this::suspected)
          .onComplete(answer -> answered(next, answer));
    }

    private @Nullable BrokerConnection next() {
      BrokerConnection preferred = links.next(asked);
      if (!otherFirst || !asked.isEmpty() || preferred == null) {
        return preferred;
      }
      BrokerConnection other = links.next(Set.of(preferred));
      return other == null || other.life().suspect() ? preferred : other;
    }

    private @Nullable CredentialRequest withTimeLeft() {
      Long wait = request.waitMillis();
      if (wait == null) {
        return request;
      }
      long left = wait - TimeUnit.NANOSECONDS.toMillis(hedging.nanoTime() - began);
      return left > 0 ? request.waiting(left) : null;
    }

    private void suspected() {
      if (!winner.isDone()) {
        askNext();
      }
    }

    private void answered(BrokerConnection broker, AsyncResult<CredentialReply> answer) {
      waitingFor--;
      if (winner.isDone()) {
        return;
      }
      switch (reply(answer)) {
        case CredentialReply.Unavailable unavailable -> {
          otherwise = unavailable;
          // An overloaded broker sends a pause; a broker that lacks data sends 0.
          if (answer.failed() || unavailable.retryAfterMillis() == 0) {
            askNext();
          } else if (waitingFor == 0) {
            // This broker is overloaded; the other one soon would be if it got all of its requests.
            winner.complete(unavailable);
          }
        }
        // The broker's clock may be behind, and an early token does no harm: the other one may
        // accept it. An expired token is refused, whichever broker refuses it.
        case CredentialReply.Refused refused
            when refused.reason() == RefusalReason.PREMATURE_TOKEN -> {
          otherwise = refused;
          askNext();
        }
        case CredentialReply reply -> {
          hedging.answered(broker);
          winner.complete(reply);
        }
      }
    }

    private static CredentialReply reply(AsyncResult<CredentialReply> answer) {
      @Nullable CredentialReply reply = answer.result();
      return reply != null
          ? reply
          : new CredentialReply.Unavailable(
              "a request to a broker failed: " + answer.cause().getMessage(), AGAIN_MS);
    }
  }
}
