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
import java.util.function.BooleanSupplier;

/**
 * This broker's address for other brokers' questions, while it is deployed. A verticle, so that it
 * has an event loop's turn of its own: a sign of life must not wait behind edges' requests.
 */
public final class OwnerDeskVerticle extends VerticleBase {

  /** An empty question, which is answered by what this broker is: {@link PeerGreetings}. */
  static final String GREETING = "";

  /** Answer to a greeting: this broker can open sessions. */
  static final String SERVING = "";

  /** Answer to a greeting: this broker cannot open sessions yet. */
  static final String STARTING = "starting";

  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private final OwnerDesk desk;
  private final BooleanSupplier serves;
  private final String nodeId;

  /**
   * A desk's address; deploy it.
   *
   * @param serves whether this broker can open sessions by now
   * @param nodeId of this broker on the event bus
   */
  public OwnerDeskVerticle(OwnerDesk desk, BooleanSupplier serves, String nodeId) {
    this.desk = desk;
    this.serves = serves;
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
      message.reply(serves.getAsBoolean() ? SERVING : STARTING);
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
