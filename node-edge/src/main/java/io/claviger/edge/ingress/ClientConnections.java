package io.claviger.edge.ingress;

import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.ServerConnections;
import io.claviger.config.load.Shares;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.Meters;
import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.Map;

/**
 * The open connections of one listener's event loop. A client that has sent no whole request for
 * some rounds is disconnected, even if it sends one byte by byte. So is a connection over a limit.
 * Used on one event loop only, except for the limits, which all event loops share.
 */
final class ClientConnections {

  /** Rounds that may pass without a request of a client. */
  static final int ROUNDS = 4;

  private final Shares limits;
  private final OpenConnections<HttpConnection> open;
  private final EdgeMeters meters;
  private final Map<HttpConnection, Integer> lastRequest = new HashMap<>();
  private int round;

  /**
   * Starts with no connection.
   *
   * @param limits how many may be open in all and from one address
   * @param open the connections of all event loops
   */
  ClientConnections(Shares limits, OpenConnections<HttpConnection> open, EdgeMeters meters) {
    this.limits = limits;
    this.open = open;
    this.meters = meters;
  }

  /** Accepts a new connection, or closes it. */
  void opened(HttpConnection connection) {
    String address = connection.remoteAddress().hostAddress();
    if (!limits.take(address, 1)) {
      cutOff(connection);
      return;
    }
    lastRequest.put(connection, round);
    connection.closeHandler(
        nothing -> {
          lastRequest.remove(connection);
          open.closed(connection);
          limits.release(address, 1);
        });
    HttpConnection displaced = open.opened(connection, address);
    if (displaced != null) {
      cutOff(displaced);
    }
  }

  /** Records that a whole request arrived on the connection. */
  void requested(HttpConnection connection) {
    lastRequest.replace(connection, round);
  }

  /** Begins a round: disconnects clients without a request for too many rounds. */
  void nextRound() {
    round++;
    lastRequest.entrySet().stream()
        .filter(entry -> round - entry.getValue() > ROUNDS)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::cutOff);
  }

  /** Closes the connection, which may belong to any event loop. */
  void cutOff(HttpConnection connection) {
    meters.count(Meters.CUT_OFF);
    ServerConnections.cut(connection);
  }
}
