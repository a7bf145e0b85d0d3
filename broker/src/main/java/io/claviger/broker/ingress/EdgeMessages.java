package io.claviger.broker.ingress;

import io.claviger.config.lifecycle.UnexpectedFailures;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;

/** What edges send, as it comes to one address of this broker's event bus. */
final class EdgeMessages {

  private static final int FAILED = 500;

  private EdgeMessages() {}

  /**
   * Has a handler called with each message; one that throws has refused the message, so that nobody
   * waits for an answer. To be called on the handler's context.
   */
  static Future<Void> handle(Vertx vertx, String address, Handler<Message<Buffer>> handler) {
    UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);
    return vertx
        .eventBus()
        .<Buffer>localConsumer(
            address,
            message -> {
              try {
                handler.handle(message);
              } catch (RuntimeException e) {
                failures.saw("answering " + address, e);
                message.fail(FAILED, "the broker failed: see its log");
              }
            })
        .completion();
  }
}
