package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.load.LoopLag;
import io.claviger.schemas.bus.BusProtocol;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket of an edge, with a bounded write queue. On the connection's context only. */
final class EdgeSocket {

  private static final Logger LOG = LoggerFactory.getLogger(EdgeSocket.class);
  private static final long LAST_WORD_MILLIS = 1000;

  /** A handshake and a login take four turns of the event loop; others come in between. */
  private static final int TURNS = 10;

  private final NetSocketInternal socket;
  private final BridgeLimits limits;
  private final LoopLag lag;
  private final IngressMeters meters;
  private final LongSupplier nanoTime;
  private final long opened;
  private boolean ended;

  /**
   * Wraps a connection opened in this turn of the event loop. It uses TLS from the first byte.
   *
   * @param lag the lag of the connection's event loop
   */
  EdgeSocket(
      NetSocketInternal socket,
      SslContext tls,
      BridgeLimits limits,
      LoopLag lag,
      IngressMeters meters,
      LongSupplier nanoTime) {
    this.socket = socket;
    this.limits = limits;
    this.lag = lag;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.opened = nanoTime.getAsLong();
    SslHandler handler = tls.newHandler(socket.channelHandlerContext().alloc());
    handler.setHandshakeTimeoutMillis(limits.loginDeadline().toMillis());
    socket.channelHandlerContext().pipeline().addFirst(handler);
    socket.setWriteQueueMaxSize(limits.writeQueueBytes());
    // Closes silently: Vert.x would log bytes of an unauthenticated client.
    socket.exceptionHandler(failure -> cut());
  }

  void handler(Handler<Buffer> handler) {
    socket.handler(handler);
  }

  /**
   * Whether the connection has been open long enough for a login, given the lag of the event loop.
   * That is at most half of the login deadline, because unauthenticated clients cause lag too. Any
   * thread.
   */
  boolean hadItsTime() {
    Duration fair = limits.undisturbed().plus(lag.recent().multipliedBy(TURNS));
    Duration most = limits.loginDeadline().dividedBy(2);
    return nanoTime.getAsLong() - opened > Math.min(fair.toNanos(), most.toNanos());
  }

  void closeHandler(Runnable handler) {
    socket.closeHandler(
        closed -> {
          ended = true;
          handler.run();
        });
  }

  /** Whether reading and writing have ended. */
  boolean ended() {
    return ended;
  }

  /** Whether a frame is within the protocol's limit. */
  static boolean fits(Buffer frame) {
    return frame.length() - Integer.BYTES <= BusProtocol.MAX_FRAME_BYTES;
  }

  /** Writes a frame. If the write queue is full, closes the connection instead. */
  void write(Buffer frame) {
    if (ended) {
      return;
    }
    if (socket.writeQueueFull()) {
      meters.slowEdge();
      cut();
      return;
    }
    socket.write(frame);
  }

  /** Writes a last frame and closes. */
  void end(Buffer frame) {
    if (ended) {
      return;
    }
    ended = true;
    if (socket.writeQueueFull()) {
      cut();
      return;
    }
    socket
        .write(frame)
        .timeout(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(written -> closed(socket.channelHandlerContext().close()));
  }

  /** Closes after all writes are flushed. */
  void close() {
    ended = true;
    socket.close();
  }

  /** Closes immediately and drops pending writes. */
  void cut() {
    ended = true;
    ChannelHandlerContext first = socket.channelHandlerContext().pipeline().firstContext();
    if (first == null) {
      // It has closed already.
      return;
    }
    // A socket's close() waits for its write queue, and TLS waits seconds for its close_notify. So
    // this closes the channel below both.
    closed(first.close());
  }

  private static void closed(ChannelFuture closing) {
    closing.addListener(EdgeSocket::wasClosed);
  }

  private static void wasClosed(Future<? super Void> closing) {
    if (!closing.isSuccess()) {
      LOG.atWarn()
          .addKeyValue("cause", String.valueOf(closing.cause()))
          .log("an edge's connection could not be closed");
    }
  }
}
