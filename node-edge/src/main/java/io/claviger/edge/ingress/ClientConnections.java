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
 * some rounds is cut off, also one that sends it byte by byte; so is one that is too many. Used on
 * one event loop only, except for the limits, which all share.
 */
final class ClientConnections {

  /** Rounds that a client may let pass. */
  static final int ROUNDS = 4;

  private final Shares limits;
  private final OpenConnections<HttpConnection> open;
  private final EdgeMeters meters;
  private final Map<HttpConnection, Integer> lastRequest = new HashMap<>();
  private int round;

  /**
   * None is open.
   *
   * @param limits how many may be open in all and from one address
   * @param open those of all event loops
   */
  ClientConnections(Shares limits, OpenConnections<HttpConnection> open, EdgeMeters meters) {
    this.limits = limits;
    this.open = open;
    this.meters = meters;
  }

  /** Takes a new connection in, or closes it. */
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

  /** A whole request arrived on it. */
  void requested(HttpConnection connection) {
    lastRequest.replace(connection, round);
  }

  /** Begins a round: cuts off who has sent nothing for too many. */
  void nextRound() {
    round++;
    lastRequest.entrySet().stream()
        .filter(entry -> round - entry.getValue() > ROUNDS)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::cutOff);
  }

  /** Closes it, whichever event loop it is of. */
  void cutOff(HttpConnection connection) {
    meters.count(Meters.CUT_OFF);
    ServerConnections.cut(connection);
  }
}
