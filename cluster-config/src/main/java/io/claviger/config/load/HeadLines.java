package io.claviger.config.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Closes a connection that sends more lines in a head, or at once, than any client does. HTTP/1.1
 * only.
 *
 * <p>Netty's decoder bounds the bytes of a head but does not count line ends. Some 8,000 of the
 * shortest headers fit, and each takes a hundred bytes of heap. Some dozens of such connections
 * would exhaust this process. So would pipelined requests behind one that waits for its answer,
 * because all that arrived with it are decoded.
 *
 * <p>Sits before the decoder; belongs to one connection, on its event loop. Lines of a body count
 * too, because this handler does not detect where one begins. JSON that programs send has no line
 * breaks.
 */
public final class HeadLines extends ChannelInboundHandlerAdapter {

  /** SDKs send a dozen headers; proxies add some. */
  static final int MOST = 100;

  /** Lines of one read. SDKs send no request before the previous one is answered. */
  static final int MOST_AT_ONCE = 400;

  private static final byte LINE_FEED = '\n';
  private static final byte CARRIAGE_RETURN = '\r';

  private final Runnable cutOff;
  private int lines;

  private int linesAtOnce;

  /** Bytes of the line that has not ended, capped at two: a longer line is not empty. */
  private int length;

  private boolean endsInReturn;
  private boolean over;

  /**
   * Starts with no line.
   *
   * @param cutOff called once, when there are too many
   */
  HeadLines(Runnable cutOff) {
    this.cutOff = cutOff;
  }

  /** Bounds the heads on a server's connection; closes it on too many lines. */
  public static void bound(HttpConnection connection) {
    bound(connection, () -> ServerConnections.cut(connection));
  }

  /**
   * Bounds the heads on a server's connection.
   *
   * @param cutOff closes it
   */
  public static void bound(HttpConnection connection, Runnable cutOff) {
    ChannelPipeline pipeline =
        ((HttpServerConnection) connection).channelHandlerContext().pipeline();
    ChannelHandlerContext tls = pipeline.context(SslHandler.class);
    HeadLines lines = new HeadLines(cutOff);
    if (tls == null) {
      pipeline.addFirst(lines);
    } else {
      pipeline.addAfter(tls.name(), null, lines);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!over && message instanceof ByteBuf bytes && !isWithin(bytes)) {
      over = true;
      cutOff.run();
    }
    if (over) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(context, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    linesAtOnce = 0;
    super.channelReadComplete(context);
  }

  /** Counts the lines; an empty line ends a head. */
  private boolean isWithin(ByteBuf bytes) {
    int from = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (int at = bytes.indexOf(from, end, LINE_FEED);
        at >= 0;
        at = bytes.indexOf(from, end, LINE_FEED)) {
      add(bytes, from, at);
      lines = length == (endsInReturn ? 1 : 0) ? 0 : lines + 1;
      linesAtOnce++;
      length = 0;
      endsInReturn = false;
      from = at + 1;
      if (lines > MOST || linesAtOnce > MOST_AT_ONCE) {
        return false;
      }
    }
    add(bytes, from, end);
    return true;
  }

  /**
   * Adds a part of a line. Like the decoder, it counts one carriage return as part of the line end.
   */
  private void add(ByteBuf bytes, int from, int to) {
    if (to > from) {
      length = Math.min(2, length + to - from);
      endsInReturn = bytes.getByte(to - 1) == CARRIAGE_RETURN;
    }
  }
}
