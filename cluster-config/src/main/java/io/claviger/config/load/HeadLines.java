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
 * Cuts off who sends more lines in a head, or at once, than any client does. The decoder bounds a
 * head's bytes, ends of lines not among them: of the shortest headers, 8,000 are within that, and
 * each takes a hundred bytes of the heap, so that some dozens of connections would end this
 * process. So would requests that are sent behind one that waits for its answer: all that came with
 * it are decoded. Before the decoder; of one connection, on its event loop. HTTP/1.1 only. Lines of
 * a body count too, as it does not tell where one begins: JSON of programs has none.
 */
public final class HeadLines extends ChannelInboundHandlerAdapter {

  /** SDKs send a dozen, and proxies between add some. */
  static final int MOST = 100;

  /** In what is read at once. SDKs send no request before the last one is answered. */
  static final int MOST_AT_ONCE = 400;

  private static final byte LINE_FEED = '\n';
  private static final byte CARRIAGE_RETURN = '\r';

  private final Runnable cutOff;
  private int lines;

  private int linesAtOnce;

  /** Of the line that has not ended, in bytes, two at most: more than that is no empty line. */
  private int length;

  private boolean endsInReturn;
  private boolean over;

  /**
   * No line has come.
   *
   * @param cutOff called once, when there are too many
   */
  HeadLines(Runnable cutOff) {
    this.cutOff = cutOff;
  }

  /** Bounds the heads that come on a server's connection; for more it is closed. */
  public static void bound(HttpConnection connection) {
    bound(connection, () -> ServerConnections.cut(connection));
  }

  /**
   * Bounds the heads that come on a server's connection.
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

  /** An empty line ends a head. */
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

  /** More of a line. As the decoder does, it takes one carriage return for a part of its end. */
  private void add(ByteBuf bytes, int from, int to) {
    if (to > from) {
      length = Math.min(2, length + to - from);
      endsInReturn = bytes.getByte(to - 1) == CARRIAGE_RETURN;
    }
  }
}
