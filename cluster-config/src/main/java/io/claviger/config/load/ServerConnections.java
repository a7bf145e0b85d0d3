package io.claviger.config.load;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * The connections of an HTTP server that any client can reach. Their number is bounded, and no
 * client can keep others out ({@link OpenConnections}). A head has no more lines than clients send
 * ({@link HeadLines}). HTTP/1.1 only. Thread-safe.
 */
public final class ServerConnections {

  private final OpenConnections<HttpConnection> open;

  /**
   * Starts with no connection.
   *
   * @param most at once; from half of it on, each new connection closes the oldest one of the
   *     busiest source
   */
  public ServerConnections(int most) {
    open = new OpenConnections<>(Math.max(1, most / 2), most);
  }

  /** Adds a connection, and closes one if there are too many, perhaps the same. */
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
   * Closes a connection at once and discards pending writes. Its own close() waits for these, so a
   * client that reads nothing would occupy its place for ever. Any thread.
   */
  public static void cut(HttpConnection connection) {
    ChannelHandlerContext first =
        ((HttpServerConnection) connection).channelHandlerContext().pipeline().firstContext();
    if (first != null) {
      var unused = first.close();
    }
  }

  /** Marks a connection whose client has proven its identity. */
  public void verified(HttpConnection connection) {
    open.verified(connection);
  }
}
