package io.claviger.broker.ingress.api;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** Ends connections that {@code close()} would not: it waits for what is queued to be written. */
final class ApiConnections {

  private ApiConnections() {}

  /** Closes at once, whatever is waiting to be written, below TLS too. */
  static void cut(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().pipeline().firstContext().close();
    } else {
      connection.close();
    }
  }
}
