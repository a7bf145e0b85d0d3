package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;

/** Answers an edge with the pods of its cluster that are revoked. */
public final class RevokedPodsHandler extends VerticleBase {

  private final RevokedPodSets revokedPods;

  /** A handler; deploy it. */
  public RevokedPodsHandler(RevokedPodSets revokedPods) {
    this.revokedPods = revokedPods;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.REVOKED_PODS, this::requested);
  }

  private void requested(Message<EdgeRequest> message) {
    EdgeSession session = message.body().session();
    message.reply(Bodies.of(revokedPods.of(session.cluster()).apply(session.node())));
  }
}
