package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.schemas.bus.BusProtocol;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket of an edge that is never buffered for. On the connection's context only. */
final class EdgeSocket {

  private static final Logger LOG = LoggerFactory.getLogger(EdgeSocket.class);
  private static final long LAST_WORD_MILLIS = 1000;

  private final NetSocketInternal socket;
  private final IngressMeters meters;
  private boolean ended;

  EdgeSocket(NetSocketInternal socket, int writeQueueBytes, IngressMeters meters) {
    this.socket = socket;
    this.meters = meters;
    socket.setWriteQueueMaxSize(writeQueueBytes);
  }

  void handler(Handler<Buffer> handler) {
    socket.handler(handler);
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
    // A socket's close() waits for its queue, and TLS for its farewell to be read, seconds long: so
    // this closes below both.
    closed(socket.channelHandlerContext().pipeline().firstContext().close());
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
