package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.PeerSessions;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Asks over the clustered event bus. */
public final class BusPeerSessions implements PeerSessions {

  private final EventBus bus;
  private final Consumer<String> lost;
  private final DeliveryOptions options;

  /**
   * Over a bus that demands certificates: replies carry credentials.
   *
   * @param lost is told the node id of a broker that is not there or cannot open sessions, before
   *     the question ends; not of one that is silent
   * @param timeout after which a question has failed; not shorter than the asker's patience
   */
  public BusPeerSessions(EventBus bus, Consumer<String> lost, Duration timeout) {
    this.bus = bus;
    this.lost = lost;
    this.options = new DeliveryOptions().setSendTimeout(timeout.toMillis());
  }

  @Override
  public CompletionStage<OpenSessionReply> ask(String nodeId, OpenSession request) {
    return bus.<String>request(BusProtocol.ownerAddress(nodeId), SchemaJson.write(request), options)
        .map(reply -> SchemaJson.read(reply.body(), OpenSessionReply.class))
        .andThen(
            (reply, failure) -> {
              if (failure == null ? unable(reply) : notThere(failure)) {
                lost.accept(nodeId);
              }
            })
        .toCompletionStage();
  }

  private static boolean notThere(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  private static boolean unable(OpenSessionReply reply) {
    return reply instanceof OpenSessionReply.Failed failed && failed.retryAfterMillis() == 0;
  }
}
