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
 * Requests sessions over the clustered event bus. The event loop that receives a reply also runs
 * the request's timeout. A reply that has already arrived is therefore read before the timeout,
 * however late the loop is.
 */
public final class BusPeerSessions implements PeerSessions {

  /** After this many unanswered requests in a row, a broker counts as not serving. */
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
   * @param requests unanswered since its last answer
   * @param since the first of them, {@link System#nanoTime()}
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
   * Uses a bus that requires certificates, because replies carry credentials.
   *
   * @param lost receives the node id of a broker that has left, cannot open sessions, or stays
   *     silent over several requests; called before the request ends
   * @param lag of this broker's own event loops, so that it does not count as a peer's silence
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
    // An old silence is irrelevant now, and brokers that have left must be forgotten.
    silences.values().removeIf(silence -> silence.lasts(FORGOTTEN_AFTER));
    Silence silence =
        silences.merge(nodeId, new Silence(1, asked), (before, one) -> before.oneMore());
    return silence.requests() >= SILENCES && silence.lasts(waited.multipliedBy(2));
  }

  /** Converts a timeout of the bus to the domain's exception. */
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
