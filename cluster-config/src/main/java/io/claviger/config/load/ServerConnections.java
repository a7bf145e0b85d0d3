package io.claviger.config.load;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * The connections of an HTTP server that anybody can reach: a bounded number, none of which a
 * stranger can keep from others ({@link OpenConnections}), and no head of more lines than clients
 * send ({@link HeadLines}). HTTP/1.1 only. Thread-safe.
 */
public final class ServerConnections {

  private final OpenConnections<HttpConnection> open;

  /**
   * There are none.
   *
   * @param most at once; from half of it on the busiest source loses its oldest for each that comes
   */
  public ServerConnections(int most) {
    open = new OpenConnections<>(Math.max(1, most / 2), most);
  }

  /** Takes one in, and closes one where there are too many; it may be the same. */
  public void opened(HttpConnection connection) {
    HeadLines.bound(connection);
    connection.closeHandler(closed -> open.closed(connection));
    HttpConnection displaced =
        open.opened(connection, OpenConnections.source(connection.remoteAddress()));
    if (displaced != null) {
      cut(displaced);
    }
  }

  /**
   * Closes one at once, whatever waits to be written: its own close() waits for that, and who reads
   * nothing would keep its place for ever. Any thread.
   */
  public static void cut(HttpConnection connection) {
    ChannelHandlerContext first =
        ((HttpServerConnection) connection).channelHandlerContext().pipeline().firstContext();
    if (first != null) {
      var unused = first.close();
    }
  }

  /** Who is at its other end has proven who it is. */
  public void verified(HttpConnection connection) {
    open.verified(connection);
  }
}
