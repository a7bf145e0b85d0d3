package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiAnswer.Watching;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open watches of this endpoint. Lives on the endpoint's event loop. */
final class WatchHandler {

  private final Vertx vertx;
  private final WatchLimits limits;
  private final ApiMeters meters;
  // The meter reads it on other threads.
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();

  WatchHandler(Vertx vertx, WatchLimits limits, ApiMeters meters) {
    this.vertx = vertx;
    this.limits = limits;
    this.meters = meters;
    meters.watchers(open::size);
  }

  boolean isFull() {
    return open.size() >= limits.watchers();
  }

  /** Starts a watch. The response's head must be set and not yet written. */
  void serve(HttpServerResponse response, HttpConnection connection, Watching watching) {
    WatchStream[] stream = new WatchStream[1];
    stream[0] =
        new WatchStream(
            vertx,
            response,
            connection,
            watching,
            limits,
            meters::watchEvent,
            why -> {
              open.remove(stream[0]);
              meters.watchEnded(why.tag());
            });
    open.add(stream[0]);
    stream[0].begin();
  }

  /** Ends all watches. */
  void close() {
    open.forEach(stream -> stream.end(WatchEnd.SHUTDOWN));
  }
}
