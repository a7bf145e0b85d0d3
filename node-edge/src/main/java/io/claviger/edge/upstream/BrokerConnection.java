package io.claviger.edge.upstream;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrame;
import io.claviger.config.bridge.BridgeFrames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a broker, with the frames of the event-bus bridge. Everything runs on the
 * socket's context. Pending requests are bounded, and all fail at once when the connection ends.
 */
final class BrokerConnection {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

  private record Pending(Promise<Buffer> promise, long timer, Runnable suspected) {}

  private final Vertx vertx;
  private final BrokerAddress address;
  private final NetSocket socket;
  private final int maxPending;
  private final Map<String, Pending> pending = new HashMap<>();
  private final Map<String, Consumer<Buffer>> pushes = new HashMap<>();
  private Runnable heard = () -> {};
  private final Promise<Void> ended = Promise.promise();
  private final SignsOfLife life;
  private long requests;
  private boolean draining;

  /** Wraps a connected socket; call it on the socket's context. */
  BrokerConnection(
      Vertx vertx, BrokerAddress address, NetSocket socket, int maxPending, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.address = address;
    this.socket = socket;
    this.maxPending = maxPending;
    socket.handler(BridgeFrames.parser(this::received, reason -> socket.close()));
    socket.exceptionHandler(failure -> socket.close());
    socket.closeHandler(nothing -> end());
    this.life = new SignsOfLife(vertx, nanoTime, this::ping, this::suspected, socket::close);
  }

  BrokerAddress address() {
    return address;
  }

  /** Completed when the connection has ended, for whatever reason. */
  Future<Void> ended() {
    return ended.future();
  }

  /** Whether new requests may be sent. */
  boolean open() {
    return !draining && !ended.future().isComplete();
  }

  /** Returns the broker's signs of life. */
  SignsOfLife life() {
    return life;
  }

  /** Whether the broker was silent at the last request for a sign of life. */
  boolean suspect() {
    return life.suspect();
  }

  /** Runs the listener with each sign of life from now on. */
  void onHeard(Runnable listener) {
    heard = listener;
  }

  /**
   * Sends a record and reads the answer.
   *
   * @param to the event-bus address
   * @param record a contract
   * @param type of the answer
   * @param timeout after which the request fails
   */
  <T> Future<T> request(String to, Object record, Class<T> type, Duration timeout) {
    return request(to, record, type, timeout, () -> {});
  }

  /**
   * Sends a record and a ping after it, and reads the answer.
   *
   * @param suspected runs if the broker is suspected before it has answered
   */
  <T> Future<T> request(
      String to, Object record, Class<T> type, Duration timeout, Runnable suspected) {
    return request(to, Bodies.of(record), timeout, suspected).map(body -> Bodies.read(body, type));
  }

  /** Sends an empty request and reads the answer. */
  <T> Future<T> request(String to, Class<T> type, Duration timeout) {
    return request(to, null, timeout, () -> {}).map(body -> Bodies.read(body, type));
  }

  private Future<Buffer> request(
      String to, @Nullable Buffer body, Duration timeout, Runnable suspected) {
    if (ended.future().isComplete()) {
      return Future.failedFuture("the connection to the broker has ended");
    }
    if (pending.size() >= maxPending || socket.writeQueueFull()) {
      return Future.failedFuture("the broker does not keep up with the requests");
    }
    String replyAddress = "reply." + requests++;
    Promise<Buffer> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, timeout.toMillis()),
            id -> fail(replyAddress, "the broker does not answer"));
    pending.put(replyAddress, new Pending(promise, timer, suspected));
    socket.write(BridgeFrames.encode(BridgeFrames.SEND, to, replyAddress, body));
    life.pingAfterThisTurn();
    return promise.future();
  }

  /** Makes the broker push the messages of an address from now on. */
  <T> void register(String pushed, Class<T> type, Consumer<T> handler) {
    pushes.put(pushed, body -> handler.accept(Bodies.read(body, type)));
    socket.write(BridgeFrames.encode(BridgeFrames.REGISTER, pushed, null, null));
  }

  private void ping() {
    if (!socket.writeQueueFull()) {
      socket.write(BridgeFrames.encode(BridgeFrames.PING));
    }
  }

  private void suspected() {
    List.copyOf(pending.values()).forEach(request -> request.suspected().run());
  }

  private void received(BridgeFrame frame) {
    try {
      accept(frame);
    } catch (RuntimeException e) {
      // The broker violates the protocol. The message is not logged: it may quote received data.
      LOG.atWarn()
          .addKeyValue("broker", address)
          .addKeyValue("failure", e.getClass().getSimpleName())
          .log("a broker sent a malformed frame");
      socket.close();
    }
  }

  private void accept(BridgeFrame frame) {
    life.heard();
    heard.run();
    switch (frame.type()) {
      case BridgeFrames.MESSAGE -> message(frame.address(), frame.body());
      case BridgeFrames.ERROR ->
          end(frame.address(), promise -> promise.fail(new Refused(frame.message())));
      default -> {}
    }
  }

  private void message(@Nullable String to, @Nullable Buffer body) {
    if (body == null) {
      throw new IllegalArgumentException("a message without a body");
    }
    Pending answered = pending.remove(to);
    if (answered != null) {
      vertx.cancelTimer(answered.timer());
      answered.promise().complete(body);
      closeWhenDrained();
      return;
    }
    Consumer<Buffer> push = pushes.get(to);
    if (push != null) {
      push.accept(body);
    }
  }

  private void fail(@Nullable String replyAddress, String reason) {
    end(replyAddress, promise -> promise.fail(reason));
  }

  private void end(@Nullable String replyAddress, Consumer<Promise<Buffer>> how) {
    Pending failed = pending.remove(replyAddress);
    if (failed != null) {
      vertx.cancelTimer(failed.timer());
      how.accept(failed.promise());
      closeWhenDrained();
    }
  }

  /** The broker refused the request. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(@Nullable String message) {
      super("the broker refused: " + message, null, false, false);
    }
  }

  /** Sends no new requests; ends when every pending one was answered or has timed out. */
  void drain() {
    draining = true;
    closeWhenDrained();
  }

  private void closeWhenDrained() {
    if (draining && pending.isEmpty()) {
      socket.close();
    }
  }

  void close() {
    socket.close();
  }

  private void end() {
    life.end();
    if (ended.tryComplete()) {
      for (String replyAddress : List.copyOf(pending.keySet())) {
        fail(replyAddress, "the connection to the broker has ended");
      }
    }
  }
}
