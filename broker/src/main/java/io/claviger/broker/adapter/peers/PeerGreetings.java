package io.claviger.broker.adapter.peers;

import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Greets every other broker as soon as it is a member, again and again until it answers or has
 * left. So the event bus is connected to it, mutual TLS included, before the first question: that
 * one has to be answered within a few milliseconds.
 */
public final class PeerGreetings {

  private static final Logger LOG = LoggerFactory.getLogger(PeerGreetings.class);
  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setSendTimeout(Duration.ofSeconds(2).toMillis());
  private static final long AGAIN_MILLIS = 100;
  private static final long START_MILLIS = 5_000;

  private final Vertx vertx;
  private final Context context;
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private volatile boolean settled;

  /** Greets over this event bus. */
  public PeerGreetings(Vertx vertx) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    vertx.setTimer(START_MILLIS, timer -> settled = true);
  }

  /** A broker is a member now. */
  public void joined(String nodeId) {
    if (unanswered.add(nodeId)) {
      context.runOnContext(v -> greet(nodeId));
    }
  }

  /** A broker is a member no more. */
  public void left(String nodeId) {
    unanswered.remove(nodeId);
  }

  /**
   * Whether every broker that was there has answered, or has had 5 s to: an owner is never a
   * condition. Once so, it stays so.
   */
  public boolean settled() {
    if (!settled && unanswered.isEmpty()) {
      settled = true;
    }
    return settled;
  }

  private void greet(String nodeId) {
    if (!unanswered.contains(nodeId)) {
      return;
    }
    vertx
        .eventBus()
        .request(BusProtocol.ownerAddress(nodeId), OwnerDeskVerticle.GREETING, OPTIONS)
        .onSuccess(
            answer -> {
              if (unanswered.remove(nodeId)) {
                LOG.atInfo().addKeyValue("node", nodeId).log("another broker answers");
              }
            })
        .onFailure(failure -> vertx.setTimer(pause(failure), timer -> greet(nodeId)));
  }

  /** One that took its whole time was pause enough. */
  private static long pause(Throwable failure) {
    return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT
        ? 1
        : AGAIN_MILLIS;
  }
}
