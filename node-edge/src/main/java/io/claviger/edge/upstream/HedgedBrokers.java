package io.claviger.edge.upstream;

import io.claviger.edge.credential.Upstream;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks the preferred broker; the second too when the first is silent for a while, and at once when
 * it cannot say because it knows too little. The first answer that is one wins; nobody can say only
 * if all that were asked said so.
 */
public final class HedgedBrokers implements Upstream {

  private static final long AGAIN_MS = 100;

  /** 0 is somebody's: the first timer of a Vert.x. */
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Context context;
  private final BrokerLinks links;
  private final Duration hedgeAfter;
  private final EdgeMeters meters;

  public HedgedBrokers(
      Vertx vertx, Context context, BrokerLinks links, Duration hedgeAfter, EdgeMeters meters) {
    this.vertx = vertx;
    this.context = context;
    this.links = links;
    this.hedgeAfter = hedgeAfter;
    this.meters = meters;
  }

  @Override
  public CompletionStage<CredentialReply> ask(CredentialRequest request, Duration timeout) {
    Race race = new Race(request, timeout);
    context.runOnContext(nothing -> race.start());
    return race.answer;
  }

  private final class Race {
    private final CredentialRequest request;
    private final Duration timeout;
    private final CompletableFuture<CredentialReply> winner = new CompletableFuture<>();
    private final CompletionStage<CredentialReply> answer =
        winner.whenComplete((reply, failure) -> cancelTimers());
    private final Set<BrokerConnection> asked = new HashSet<>();
    private CredentialReply.Unavailable cannotSay =
        new CredentialReply.Unavailable(NO_BROKER, AGAIN_MS);
    private int waitingFor;
    private long end = NO_TIMER;
    private long hedge = NO_TIMER;

    Race(CredentialRequest request, Duration timeout) {
      this.request = request;
      this.timeout = timeout;
    }

    void start() {
      end =
          vertx.setTimer(
              Math.max(1, timeout.toMillis()),
              timer ->
                  winner.complete(
                      new CredentialReply.Unavailable("no broker answers in time", AGAIN_MS)));
      askNext();
    }

    private void cancelTimers() {
      vertx.cancelTimer(end);
      vertx.cancelTimer(hedge);
    }

    private void askNext() {
      BrokerConnection next = links.next(asked);
      if (next == null) {
        if (waitingFor == 0) {
          winner.complete(cannotSay);
        }
        return;
      }
      asked.add(next);
      waitingFor++;
      next.request(BusProtocol.CREDENTIALS, request, CredentialReply.class, timeout)
          .onComplete(this::answered);
      if (!winner.isDone()) {
        vertx.cancelTimer(hedge);
        hedge = vertx.setTimer(Math.max(1, hedgeAfter.toMillis()), timer -> silent(next));
      }
    }

    private void silent(BrokerConnection connection) {
      // Slow for a reason of its own, or stopped: a ping tells.
      connection.probe(hedgeAfter);
      int before = asked.size();
      askNext();
      if (asked.size() > before) {
        meters.hedge();
      } else if (!winner.isDone()) {
        // There is no second one yet; there may be when this time has passed again.
        hedge = vertx.setTimer(Math.max(1, hedgeAfter.toMillis()), timer -> silent(connection));
      }
    }

    private void answered(AsyncResult<CredentialReply> answer) {
      waitingFor--;
      if (winner.isDone()) {
        return;
      }
      switch (reply(answer)) {
        case CredentialReply.Unavailable unavailable -> {
          cannotSay = unavailable;
          // It has too much to do, and so the other one soon would have, if all went there.
          if (answer.failed() || unavailable.retryAfterMillis() == 0) {
            askNext();
          } else if (waitingFor == 0) {
            winner.complete(unavailable);
          }
        }
        case CredentialReply reply -> winner.complete(reply);
      }
    }

    private static CredentialReply reply(AsyncResult<CredentialReply> answer) {
      @Nullable CredentialReply reply = answer.result();
      return reply != null
          ? reply
          : new CredentialReply.Unavailable(
              "a broker cannot be asked: " + answer.cause().getMessage(), AGAIN_MS);
    }
  }
}
