package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.OwnerDesk;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenSession;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/** This broker's address for other brokers' questions. */
public final class OwnerDeskAddress implements AutoCloseable {

  /** An empty question, which gets an empty answer: {@link PeerGreetings}. */
  static final String GREETING = "";

  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private final OwnerDesk desk;
  private @Nullable MessageConsumer<String> consumer;

  public OwnerDeskAddress(OwnerDesk desk) {
    this.desk = desk;
  }

  /** Listens; ends once all members know of it. */
  public Future<Void> open(EventBus bus, String nodeId) {
    MessageConsumer<String> opened =
        bus.<String>consumer(BusProtocol.ownerAddress(nodeId)).handler(this::answer);
    consumer = opened;
    return opened.completion();
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

  /** Listens no more: other brokers open the sessions themselves. */
  @Override
  public void close() {
    if (consumer != null) {
      consumer.unregister();
    }
  }
}
