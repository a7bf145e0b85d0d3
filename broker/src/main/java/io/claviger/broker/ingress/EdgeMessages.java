package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.lifecycle.UnexpectedFailures;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/** Edges' messages at an address of this broker's event bus. */
final class EdgeMessages {

  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private EdgeMessages() {}

  /**
   * Registers a handler of messages. If the handler throws, the message fails, so that the edge
   * gets an answer. Must be called on the handler's context.
   */
  static Future<Void> handle(Vertx vertx, String address, Handler<Message<EdgeRequest>> handler) {
    UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);
    passByReference(vertx);
    return vertx
        .eventBus()
        .<EdgeRequest>localConsumer(
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

  /**
   * Returns the record that an edge sent. If it is malformed, fails the message and returns null.
   *
   * @param malformed runs for a malformed record, before the answer
   */
  static <T> @Nullable T read(Message<EdgeRequest> message, Class<T> type, Runnable malformed) {
    try {
      return Bodies.read(message.body().body(), type);
    } catch (MalformedRecordException e) {
      malformed.run();
      message.fail(MALFORMED, "malformed " + type.getSimpleName());
      return null;
    }
  }

  /** Makes the event bus deliver {@link EdgeRequest}s without a copy, on this broker only. */
  static void passByReference(Vertx vertx) {
    try {
      vertx.eventBus().registerDefaultCodec(EdgeRequest.class, new ByReference());
    } catch (IllegalStateException e) {
      // Another handler of this process has registered the codec.
    }
  }

  private static final class ByReference implements MessageCodec<EdgeRequest, EdgeRequest> {
    @Override
    public void encodeToWire(Buffer buffer, EdgeRequest request) {
      throw new UnsupportedOperationException("an edge's request stays on its broker");
    }

    @Override
    public EdgeRequest decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("an edge's request stays on its broker");
    }

    @Override
    public EdgeRequest transform(EdgeRequest request) {
      return request;
    }

    @Override
    public String name() {
      return EdgeRequest.class.getName();
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
