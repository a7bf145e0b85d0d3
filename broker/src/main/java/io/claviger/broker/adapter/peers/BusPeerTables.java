package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.PeerTables;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.TableQuestion;
import io.claviger.schemas.bus.TableReply;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks for tables over the clustered event bus. */
public final class BusPeerTables implements PeerTables {

  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setSendTimeout(Duration.ofSeconds(3).toMillis());

  private final EventBus bus;

  /** Over a bus that demands certificates: what arrives decides who gets which role. */
  public BusPeerTables(EventBus bus) {
    this.bus = bus;
  }

  @Override
  public CompletionStage<TableReply> ask(String nodeId, TableQuestion question) {
    return bus.<String>request(
            BusProtocol.tableAddress(nodeId), SchemaJson.write(question), OPTIONS)
        .map(reply -> SchemaJson.read(reply.body(), TableReply.class))
        .toCompletionStage();
  }
}
