package io.claviger.broker.ingress;

import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;

/**
 * Adds edges' events to the audit queue, and replies with the number of accepted events. The edge
 * keeps the rest.
 */
public final class NodeEventHandler extends VerticleBase {

  /** The queue is full while Kafka is unreachable; thousands of edges may wait. */
  private static final long RETRY_MILLIS = 5_000;

  private final NodeEventLog log;
  private final IngressMeters meters;

  /** Creates a handler, to be deployed. */
  public NodeEventHandler(NodeEventLog log, IngressMeters meters) {
    this.log = log;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.NODE_EVENTS, this::reported);
  }

  private void reported(Message<EdgeRequest> message) {
    NodeEvents reported =
        EdgeMessages.read(message, NodeEvents.class, () -> meters.nodeEvents("malformed"));
    if (reported == null) {
      return;
    }
    EdgeSession session = message.body().session();
    int taken = log.take(session.cluster(), session.node(), reported.events());
    boolean all = taken == reported.events().size();
    meters.nodeEvents(all ? "taken" : "later");
    message.reply(Bodies.of(new NodeEventsReply(taken, all ? 0 : RETRY_MILLIS)));
  }
}
