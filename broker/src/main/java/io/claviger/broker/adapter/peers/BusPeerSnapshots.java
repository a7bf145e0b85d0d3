package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.PeerSnapshots;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Requests tables over the clustered event bus. */
public final class BusPeerSnapshots implements PeerSnapshots {

  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setSendTimeout(Duration.ofSeconds(3).toMillis());

  private final EventBus bus;

  /** Uses a bus that requires certificates, because a table decides which pod gets which role. */
  public BusPeerSnapshots(EventBus bus) {
    this.bus = bus;
  }

  @Override
  public CompletionStage<SnapshotReply> ask(String nodeId, SnapshotRequest request) {
    return bus.<String>request(
            BusProtocol.snapshotAddress(nodeId), SchemaJson.write(request), OPTIONS)
        .map(reply -> SchemaJson.read(reply.body(), SnapshotReply.class))
        .toCompletionStage();
  }
}
