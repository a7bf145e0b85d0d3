package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.function.Function;

/** Answers an edge with data of the edge's own cluster. To be deployed. */
public final class LookupHandler extends VerticleBase {

  private static final int UNAVAILABLE = 503;

  private final String address;
  private final Handler<Message<EdgeRequest>> answers;

  private LookupHandler(String address, Handler<Message<EdgeRequest>> answers) {
    this.address = address;
    this.answers = answers;
  }

  /**
   * Returns a handler for the keys of the cluster's issuer.
   *
   * @param keys the current keys of a cluster's issuer; while empty, an edge gets a 503
   */
  public static LookupHandler ofKeys(Function<String, Optional<PublishedKeys>> keys) {
    return new LookupHandler(
        BusProtocol.KEYS,
        message ->
            keys.apply(message.body().session().cluster())
                .ifPresentOrElse(
                    cached -> message.reply(Bodies.of(cached)),
                    () ->
                        message.fail(UNAVAILABLE, "the issuer's keys have not been fetched yet")));
  }

  /** Returns a handler for the cluster's revoked pods. */
  public static LookupHandler ofRevokedPods(RevokedPodSets revokedPods) {
    return new LookupHandler(
        BusProtocol.REVOKED_PODS,
        message -> {
          EdgeSession session = message.body().session();
          message.reply(Bodies.of(revokedPods.of(session.cluster()).apply(session.node())));
        });
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, address, answers);
  }
}
