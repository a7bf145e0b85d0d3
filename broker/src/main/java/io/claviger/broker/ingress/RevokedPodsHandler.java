package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;

/** Answers an edge with the pods of its cluster that are revoked. */
public final class RevokedPodsHandler extends VerticleBase {

  private static final int MALFORMED = 400;

  private final RevokedPodSets revokedPods;

  /** A handler; deploy it. */
  public RevokedPodsHandler(RevokedPodSets revokedPods) {
    this.revokedPods = revokedPods;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.REVOKED_PODS, this::requested);
  }

  private void requested(Message<Buffer> message) {
    String cluster = message.headers().get(BusProtocol.HEADER_CLUSTER);
    String node = message.headers().get(BusProtocol.HEADER_NODE);
    if (cluster == null || node == null) {
      message.fail(MALFORMED, "who asks is not known");
    } else {
      message.reply(Bodies.of(revokedPods.of(cluster).apply(node)));
    }
  }
}
