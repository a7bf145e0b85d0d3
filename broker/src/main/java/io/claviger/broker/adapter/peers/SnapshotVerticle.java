package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.SnapshotHandler;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.SnapshotRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;

/**
 * Receives other brokers' requests for this broker's table, while it is deployed. Answers on a
 * worker thread, one request after the other.
 */
public final class SnapshotVerticle extends VerticleBase {

  private static final int MAX_WAITING = 64;
  private static final int MALFORMED = 400;
  private static final int FAILED = 500;
  private static final int TOO_MANY = 503;

  private final SnapshotHandler handler;
  private final String nodeId;
  private int waiting;

  /**
   * Listens once it is deployed.
   *
   * @param nodeId of this broker on the event bus
   */
  public SnapshotVerticle(SnapshotHandler handler, String nodeId) {
    this.handler = handler;
    this.nodeId = nodeId;
  }

  /** Listens; completes once every broker has the registration. */
  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<String>consumer(BusProtocol.snapshotAddress(nodeId), this::answer)
        .completion();
  }

  private void answer(Message<String> message) {
    if (waiting >= MAX_WAITING) {
      message.fail(TOO_MANY, "too many requests for the table");
      return;
    }
    SnapshotRequest request;
    try {
      request = SchemaJson.read(message.body(), SnapshotRequest.class);
    } catch (SchemaJson.MalformedRecordException | ClassCastException e) {
      message.fail(MALFORMED, "not a request for a table");
      return;
    }
    waiting++;
    vertx
        .executeBlocking(() -> SchemaJson.write(handler.answer(request)))
        .onComplete(
            answered -> {
              waiting--;
              if (answered.succeeded()) {
                message.reply(answered.result());
              } else {
                message.fail(FAILED, "failed");
              }
            });
  }
}
