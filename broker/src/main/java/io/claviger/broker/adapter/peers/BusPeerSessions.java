package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.PeerSessions;
import io.claviger.config.load.LoopLag;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks over the clustered event bus. A request's timeout is kept by the loop on which its answer
 * arrives: an answer that is there already is read before the timeout, however late that loop is.
 */
public final class BusPeerSessions implements PeerSessions {

  /** After so many requests without an answer in between a broker counts as not serving. */
  private static final int SILENCES = 3;

  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  private final EventBus bus;
  private final Consumer<String> lost;
  private final LoopLag lag;
  private final Map<String, Silence> silences = new ConcurrentHashMap<>();

  /**
   * How long a broker has not answered.
   *
   * @param requests that it left unanswered since its last answer
   * @param since when it is so, {@link System#nanoTime()}
   */
  private record Silence(int requests, long since) {

    Silence oneMore() {
      return new Silence(requests + 1, since);
    }

    boolean lasts(Duration longer) {
      return System.nanoTime() - since > longer.toNanos();
    }
  }

  /**
   * Over a bus that demands certificates: replies carry credentials.
   *
   * @param lost is told the node id of a broker that is not there or cannot open sessions, before
   *     the request ends, or is silent however often it is asked
   * @param lag of this broker's own loops, which is nobody else's silence
   */
  public BusPeerSessions(EventBus bus, Consumer<String> lost, LoopLag lag) {
    this.bus = bus;
    this.lost = lost;
    this.lag = lag;
  }

  @Override
  public CompletionStage<OpenResult> ask(String nodeId, OpenSession request, Duration timeout) {
    Duration wanted = timeout.plus(lag.recent());
    Duration waited = wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
    DeliveryOptions options = new DeliveryOptions().setSendTimeout(Math.max(1, waited.toMillis()));
    if (request.waitMillis() == 0) {
      options.addHeader(OwnerVerticle.SIGN_OF_LIFE, "");
    }
    long asked = System.nanoTime();
    return bus.<String>request(BusProtocol.ownerAddress(nodeId), SchemaJson.write(request), options)
        .andThen((reply, failure) -> heard(nodeId, asked, waited, failure))
        .recover(BusPeerSessions::failed)
        .map(reply -> SchemaJson.read(reply.body(), OpenResult.class))
        .onSuccess(
            reply -> {
              if (unable(reply)) {
                lost.accept(nodeId);
              }
            })
        .toCompletionStage();
  }

  private void heard(String nodeId, long asked, Duration waited, @Nullable Throwable failure) {
    if (failure == null) {
      silences.remove(nodeId);
    } else if (isFailure(failure, ReplyFailure.NO_HANDLERS)) {
      silences.remove(nodeId);
      lost.accept(nodeId);
    } else if (isFailure(failure, ReplyFailure.TIMEOUT) && isSilentForLong(nodeId, asked, waited)) {
      silences.remove(nodeId);
      lost.accept(nodeId);
    }
  }

  private boolean isSilentForLong(String nodeId, long asked, Duration waited) {
    // A silence of long ago says nothing about now, and brokers that have left are not kept.
    silences.values().removeIf(silence -> silence.lasts(FORGOTTEN_AFTER));
    Silence silence =
        silences.merge(nodeId, new Silence(1, asked), (before, one) -> before.oneMore());
    return silence.requests() >= SILENCES && silence.lasts(waited.multipliedBy(2));
  }

  /** What the domain calls silence, for what the bus calls a timeout. */
  private static Future<Message<String>> failed(Throwable failure) {
    return Future.failedFuture(
        isFailure(failure, ReplyFailure.TIMEOUT)
            ? new TimeoutException("the session's owner is silent")
            : failure);
  }

  private static boolean isFailure(Throwable failure, ReplyFailure type) {
    return failure instanceof ReplyException reply && reply.failureType() == type;
  }

  private static boolean unable(OpenResult reply) {
    return reply instanceof OpenResult.Failed failed && failed.retryAfterMillis() == 0;
  }
}
