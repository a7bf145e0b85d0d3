package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Requests of node-1's edge as the bridge delivers them, and the connection's subscriptions. */
final class TestRequests implements EdgeRequest.Connection {

  final List<AssociationKey> subscribed = new CopyOnWriteArrayList<>();
  private final Vertx vertx;
  private final String address;

  TestRequests(Vertx vertx, String address) {
    this.vertx = vertx;
    this.address = address;
  }

  Future<Message<Buffer>> send(String cluster, Buffer body) {
    return send(cluster, body, BridgeFixture.NOW);
  }

  Future<Message<Buffer>> send(String cluster, Buffer body, Instant arrived) {
    EdgeSession session = new EdgeSession(cluster, "node-1", "uid-1", Instant.MAX);
    return vertx
        .eventBus()
        .request(address, new EdgeRequest(body, session, this, arrived.toEpochMilli()));
  }

  @Override
  public void subscribe(AssociationKey key) {
    subscribed.add(key);
  }

  @Override
  public void report(UUID pod) {}
}
