package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.function.Function;

/** Answers an edge with the keys of its own cluster's issuer. */
public final class KeyHandler extends VerticleBase {

  private static final int UNAVAILABLE = 503;

  private final Function<String, Optional<PublishedKeys>> keys;

  /**
   * A handler; deploy it.
   *
   * @param keys the current keys of a cluster's issuer
   */
  public KeyHandler(Function<String, Optional<PublishedKeys>> keys) {
    this.keys = keys;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.KEYS, this::requested);
  }

  private void requested(Message<EdgeRequest> message) {
    keys.apply(message.body().session().cluster())
        .ifPresentOrElse(
            cached -> message.reply(Bodies.of(cached)),
            () -> message.fail(UNAVAILABLE, "the issuer's keys have not been fetched yet"));
  }
}
