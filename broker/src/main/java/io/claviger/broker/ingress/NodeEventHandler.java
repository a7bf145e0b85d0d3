package io.claviger.broker.ingress;

import io.claviger.broker.audit.NodeEventLog;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/**
 * Takes what happened on edges' nodes into the audit queue, and says how much of it: the edge keeps
 * the rest. Knows cluster and node by the headers that the bridge stamps.
 */
public final class NodeEventHandler extends VerticleBase {

  private static final int MALFORMED = 400;

  /** The queue is full while Kafka is away; thousands of edges may wait. */
  private static final long RETRY_MILLIS = 5_000;

  private final NodeEventLog log;
  private final IngressMeters meters;

  /** A handler; deploy it. */
  public NodeEventHandler(NodeEventLog log, IngressMeters meters) {
    this.log = log;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.NODE_EVENTS, this::reported);
  }

  private void reported(Message<Buffer> message) {
    String cluster = message.headers().get(BusProtocol.HEADER_CLUSTER);
    String node = message.headers().get(BusProtocol.HEADER_NODE);
    NodeEvents reported = read(message);
    if (cluster == null || node == null || reported == null) {
      meters.nodeEvents("malformed");
      message.fail(MALFORMED, "malformed NodeEvents");
      return;
    }
    int taken = log.take(cluster, node, reported.events());
    boolean all = taken == reported.events().size();
    meters.nodeEvents(all ? "taken" : "later");
    message.reply(Bodies.of(new NodeEventsReply(taken, all ? 0 : RETRY_MILLIS)));
  }

  private static @Nullable NodeEvents read(Message<Buffer> message) {
    try {
      return Bodies.read(message.body(), NodeEvents.class);
    } catch (MalformedRecordException e) {
      return null;
    }
  }
}
