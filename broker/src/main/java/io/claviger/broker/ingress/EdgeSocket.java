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

/** The socket of an edge that is never buffered for. On the connection's context only. */
final class EdgeSocket {

  private static final Logger LOG = LoggerFactory.getLogger(EdgeSocket.class);
  private static final long LAST_WORD_MILLIS = 1000;

  /** A handshake and a login take four of the event loop, and others come between them. */
  private static final int TURNS = 10;

  private final NetSocketInternal socket;
  private final BridgeLimits limits;
  private final LoopLag lag;
  private final IngressMeters meters;
  private final LongSupplier nanoTime;
  private final long opened;
  private boolean ended;

  /**
   * A connection that was made in this turn: it speaks TLS from its first byte on.
   *
   * @param lag of its event loop
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
    // It ends by itself; what a stranger, or an edge without TLS, has sent would be in the log.
    socket.exceptionHandler(failure -> cut());
  }

  void handler(Handler<Buffer> handler) {
    socket.handler(handler);
  }

  /**
   * Whether it has been open for so long that an edge has logged in by then, given how much the
   * event loop has to do, but half of the time for a login at most: strangers make work. Any
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

  /** Whether nothing is read or written any more. */
  boolean ended() {
    return ended;
  }

  /** Whether a frame is short enough for the other side to take it. */
  static boolean fits(Buffer frame) {
    return frame.length() - Integer.BYTES <= BusProtocol.MAX_FRAME_BYTES;
  }

  /** Writes a frame; an edge that has not read the earlier ones is cut off instead. */
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

  /** Closes once everything is written. */
  void close() {
    ended = true;
    socket.close();
  }

  /** Closes at once, whatever is waiting to be written. */
  void cut() {
    ended = true;
    ChannelHandlerContext first = socket.channelHandlerContext().pipeline().firstContext();
    if (first == null) {
      // It has closed already.
      return;
    }
    // A socket's close() waits for its queue, and TLS for its farewell to be read, seconds long: so
    // this closes below both.
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
