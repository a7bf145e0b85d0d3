package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.PeerSessions;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks over the clustered event bus. */
public final class BusPeerSessions implements PeerSessions {

  private final EventBus bus;
  private final DeliveryOptions options;

  /**
   * Over a bus that demands certificates: replies carry credentials.
   *
   * @param timeout after which a question has failed; not shorter than the asker's patience
   */
  public BusPeerSessions(EventBus bus, Duration timeout) {
    this.bus = bus;
    this.options = new DeliveryOptions().setSendTimeout(timeout.toMillis());
  }

  @Override
  public CompletionStage<OpenSessionReply> ask(String nodeId, OpenSession request) {
    return bus.<String>request(BusProtocol.ownerAddress(nodeId), SchemaJson.write(request), options)
        .map(reply -> SchemaJson.read(reply.body(), OpenSessionReply.class))
        .toCompletionStage();
  }
}
