package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Two brokers on one event bus: one requests, the other owns the key. */
final class PeerMesh implements AutoCloseable {

  final ClusteredVertx requester;
  final ClusteredVertx owner;
  volatile boolean serves = true;
  volatile CompletableFuture<Result> sts = new CompletableFuture<>();
  private final Scheduler scheduler = Schedulers.newSingle("owner", true);
  private final Brokers brokers;
  private String deployment = "";

  PeerMesh(Path directory) throws Exception {
    brokers = new Brokers(directory);
    requester = brokers.join("requester", 0);
    owner = brokers.join("owner", 0);
    // The first request waits for a connection and for classes; the tests' timeouts are too short
    // for that.
    deployTheOwner();
    Brokers.await(request(SchemaJson.write(OneAssociation.REQUEST)));
    undeployTheOwner();
  }

  void deployTheOwner() throws Exception {
    sts =
        CompletableFuture.completedFuture(new Result.Opened(OneAssociation.SESSION, "req-1", null));
    Issuance issuance = OneAssociation.issuance(request -> sts, scheduler);
    deployment =
        Brokers.await(
            owner
                .vertx()
                .deployVerticle(
                    new OwnerVerticle(
                        issuance.handler(), () -> serves, owner.nodeId(), scheduler::schedule)));
  }

  void undeployTheOwner() throws Exception {
    if (owner.vertx().deploymentIDs().contains(deployment)) {
      Brokers.await(owner.vertx().undeploy(deployment));
    }
  }

  /** Sends any message to the owner, and returns its reply. */
  Future<Message<String>> request(Object body, DeliveryOptions options) {
    return requester
        .vertx()
        .eventBus()
        .request(BusProtocol.ownerAddress(owner.nodeId()), body, options);
  }

  Future<Message<String>> request(Object body) {
    return request(body, new DeliveryOptions());
  }

  @Override
  public void close() throws Exception {
    brokers.close();
    scheduler.dispose();
  }
}
