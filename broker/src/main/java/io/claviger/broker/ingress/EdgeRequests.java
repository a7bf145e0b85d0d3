package io.claviger.broker.ingress;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.InstantSource;

/**
 * The unanswered requests of one connection. A consumer on this broker answers them, never one on
 * another broker. On the connection's context only.
 */
final class EdgeRequests {

  private final EventBus bus;
  private final EdgeSocket socket;
  private final BridgeLimits limits;
  private final InstantSource clock;
  private int outstanding;
  private boolean stopping;

  EdgeRequests(EventBus bus, EdgeSocket socket, BridgeLimits limits, InstantSource clock) {
    this.bus = bus;
    this.socket = socket;
    this.limits = limits;
    this.clock = clock;
  }

  boolean full() {
    return outstanding >= limits.outstanding();
  }

  boolean stopping() {
    return stopping;
  }

  /** Delivers a request to the consumer of an address, with its session and arrival time. */
  void deliver(
      InboundFrame frame, String address, EdgeSession session, EdgeRequest.Connection connection) {
    outstanding++;
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setSendTimeout(limits.requestTimeout().toMillis());
    bus.<Buffer>request(
            address, new EdgeRequest(frame.body(), session, connection, clock.millis()), options)
        .onComplete(reply -> answer(frame, address, reply));
  }

  /** Closes the socket once all requests are answered. */
  void stop() {
    stopping = true;
    closeWhenDone();
  }

  private void answer(InboundFrame frame, String address, AsyncResult<Message<Buffer>> reply) {
    outstanding--;
    socket.write(
        reply.succeeded()
            ? frame.answer(reply.result().body())
            : frame.error(failure(address, reply.cause())));
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (stopping && outstanding == 0 && !socket.ended()) {
      socket.close();
    }
  }

  private static String failure(String address, Throwable cause) {
    ReplyFailure type =
        cause instanceof ReplyException reply ? reply.failureType() : ReplyFailure.ERROR;
    return switch (type) {
      case RECIPIENT_FAILURE -> String.valueOf(cause.getMessage());
      case TIMEOUT -> "the request timed out";
      case NO_HANDLERS -> "no handler of " + address + " on this broker";
      case ERROR -> "the broker failed to answer";
    };
  }
}
