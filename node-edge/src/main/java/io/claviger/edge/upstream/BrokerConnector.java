package io.claviger.edge.upstream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Opens TLS connections to brokers. It reads the authorities each time, because they may be
 * rotated.
 */
final class BrokerConnector {

  private static final int CONNECT_TIMEOUT_MS = 2_000;
  private static final long HANDSHAKE_TIMEOUT_MS = 3_000;

  private final Vertx vertx;
  private final NetClient client;
  private final Path authorities;
  private final int maxPending;

  BrokerConnector(Vertx vertx, Path authorities, int maxPending) {
    this.vertx = vertx;
    this.authorities = authorities;
    this.maxPending = maxPending;
    this.client =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReconnectAttempts(0));
  }

  /** Connects; call it on the context that the connection is to use. */
  Future<BrokerConnection> connect(BrokerAddress address) {
    return vertx
        .fileSystem()
        .readFile(authorities.toString())
        .compose(pem -> client.connect(options(address, pem)))
        .map(socket -> new BrokerConnection(vertx, address, socket, maxPending, System::nanoTime));
  }

  private static ConnectOptions options(BrokerAddress address, Buffer authorities) {
    ClientSSLOptions tls =
        new ClientSSLOptions()
            .setTrustOptions(new PemTrustOptions().addCertValue(authorities))
            .setHostnameVerificationAlgorithm("HTTPS");
    tls.setSslHandshakeTimeout(HANDSHAKE_TIMEOUT_MS);
    tls.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    ConnectOptions options =
        new ConnectOptions()
            .setRemoteAddress(SocketAddress.inetSocketAddress(address.port(), address.ip()))
            .setHost(address.name())
            .setPort(address.port())
            .setSsl(true)
            .setSslOptions(tls);
    return address.isNumeric() ? options : options.setSniServerName(address.name());
  }

  Future<Void> close() {
    return client.close();
  }
}
