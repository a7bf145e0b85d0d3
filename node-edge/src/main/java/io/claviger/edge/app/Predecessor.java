package io.claviger.edge.app;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.List;

/** Detects the edge to be replaced, if there is one, by the addresses on which it listens. */
final class Predecessor {

  private static final int CONNECT_TIMEOUT_MS = 500;

  private final NetClient client;
  private final List<HostPort> addresses;

  Predecessor(Vertx vertx, List<HostPort> addresses) {
    this.client =
        vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS));
    this.addresses = addresses.stream().filter(address -> address.port() != 0).toList();
  }

  /** Whether another process accepts connections at one of the addresses; never fails. */
  Future<Boolean> answers() {
    return addresses.isEmpty()
        ? Future.succeededFuture(false)
        : Future.any(addresses.stream().map(this::connect).toList()).map(true).otherwise(false);
  }

  private Future<Void> connect(HostPort address) {
    return client.connect(address.port(), address.host()).compose(socket -> socket.close());
  }
}
