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

/**
 * This broker's address for other brokers' questions.
 *
 * <p>The event bus connects to another broker with the first message for it, and again for the
 * first answer: longer, with TLS, than an owner's patience. So whoever joins greets all, and each
 * greets back, before anybody asks.
 */
public final class OwnerDeskAddress implements AutoCloseable {

  private static final String GREETINGS = "claviger.own.greetings";
  private static final String GREETING = "greeting";
  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private final OwnerDesk desk;
  private @Nullable MessageConsumer<String> consumer;
  private @Nullable MessageConsumer<String> greetings;

  public OwnerDeskAddress(OwnerDesk desk) {
    this.desk = desk;
  }

  /** Listens and greets; ends once all members know of it. */
  public Future<Void> open(EventBus bus, String nodeId) {
    MessageConsumer<String> opened =
        bus.<String>consumer(BusProtocol.ownerAddress(nodeId)).handler(this::answer);
    MessageConsumer<String> greeted =
        bus.<String>consumer(GREETINGS).handler(message -> greetBack(bus, nodeId, message.body()));
    consumer = opened;
    greetings = greeted;
    return Future.all(opened.completion(), greeted.completion())
        .onSuccess(known -> bus.publish(GREETINGS, nodeId))
        .mapEmpty();
  }

  private static void greetBack(EventBus bus, String nodeId, String joined) {
    if (!joined.equals(nodeId)) {
      bus.send(BusProtocol.ownerAddress(joined), GREETING);
    }
  }

  private void answer(Message<String> message) {
    if (GREETING.equals(message.body())) {
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
    if (greetings != null) {
      greetings.unregister();
    }
  }
}
