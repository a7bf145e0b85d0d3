package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.OwnerDesk;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenSession;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * This broker's address for other brokers' questions, while it is deployed. A verticle, so that it
 * has an event loop's turn of its own: a sign of life must not wait behind edges' requests.
 */
public final class OwnerDeskVerticle extends VerticleBase {

  /** An empty question, which gets an empty answer: {@link PeerGreetings}. */
  static final String GREETING = "";

  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private final OwnerDesk desk;
  private final String nodeId;

  /**
   * A desk's address; deploy it.
   *
   * @param nodeId of this broker on the event bus
   */
  public OwnerDeskVerticle(OwnerDesk desk, String nodeId) {
    this.desk = desk;
    this.nodeId = nodeId;
  }

  /** Listens; completes once all members know of it. */
  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<String>consumer(BusProtocol.ownerAddress(nodeId), this::answer)
        .completion();
  }

  private void answer(Message<String> message) {
    if (message.body().equals(GREETING)) {
      message.reply(GREETING);
      return;
    }
    OpenSession request;
    try {
      request = SchemaJson.read(message.body(), OpenSession.class);
    } catch (SchemaJson.MalformedRecordException e) {
      message.fail(MALFORMED, e.getMessage());
      return;
    }
    desk.open(request)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                message.reply(SchemaJson.write(reply));
              } else {
                message.reply(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, FAILED, "failed"));
              }
            });
  }
}
