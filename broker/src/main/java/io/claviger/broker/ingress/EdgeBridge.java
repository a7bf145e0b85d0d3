package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.Listening;
import io.claviger.config.load.LoopLag;
import io.claviger.config.load.OpenConnections;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint for edges: the Vert.x TCP event-bus bridge's wire format over TLS, with limits.
 * Several instances on one address share its connections.
 *
 * <p>The stock server of Vert.x is not used: it has no frame limit, no back-pressure and no login.
 */
public final class EdgeBridge extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(EdgeBridge.class);

  private final HostPort address;
  private final ServedCertificate certificate;
  private final BridgeLimits limits;
  private final LoginHandler logins;
  private final EdgeConnections connections;
  private final IngressMeters meters;
  private final InstantSource clock;
  private final Set<EdgeConnection> mine = new HashSet<>();

  private @Nullable NetServer server;
  private @Nullable SslContext tls;
  private @Nullable LoopLag lag;

  /**
   * Creates a bridge, to be deployed.
   *
   * @param address the address to listen on
   * @param certificate the server certificate
   * @param connections shared by all bridges of the process
   * @param clock the clock of login deadlines and token expiry
   */
  public EdgeBridge(
      HostPort address,
      CertificateFiles certificate,
      BridgeLimits limits,
      LoginHandler logins,
      EdgeConnections connections,
      IngressMeters meters,
      InstantSource clock) {
    this.address = address;
    this.certificate =
        new ServedCertificate(certificate, limits.certificateCheck(), meters::certificate);
    this.limits = limits;
    this.logins = logins;
    this.connections = connections;
    this.meters = meters;
    this.clock = clock;
  }

  /** Listens. Fails when the certificate is unusable or the address is in use. */
  @Override
  public Future<?> start() {
    EdgeMessages.passByReference(vertx);
    return certificate
        .read(vertx)
        .compose(this::use)
        .compose(
            used -> {
              lag = LoopLag.of(vertx, vertx.getOrCreateContext());
              server =
                  vertx
                      .createNetServer(
                          new NetServerOptions().setTcpKeepAlive(true).setTcpNoDelay(true))
                      .connectHandler(this::connected);
              return Listening.at(address, server.listen(address.port(), address.host()));
            })
        .onSuccess(this::listening);
  }

  /** Stops listening, drains the requests in progress, and closes all connections. */
  @Override
  public Future<?> stop() {
    certificate.stop();
    NetServer listening = server;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(Math.max(1, limits.drain().toMillis()), TimeUnit.MILLISECONDS);
  }

  /** The port; 0 while the bridge does not listen. */
  public int port() {
    NetServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  /** Uses this certificate for new connections. */
  private Future<SslContext> use(ServerSSLOptions served) {
    return vertx
        .executeBlocking(
            () ->
                SslContextBuilder.forServer(served.getKeyCertOptions().getKeyManagerFactory(vertx))
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build())
        .onSuccess(context -> tls = context);
  }

  private void listening(NetServer listening) {
    vertx.setPeriodic(limits.sweep().toMillis(), tick -> sweep());
    certificate.watch(vertx, this::use);
    LOG.atInfo()
        .addKeyValue("address", new HostPort(address.host(), listening.actualPort()))
        .log("edges can connect");
  }

  /** Admits or rejects a connection before the TLS handshake, which is the expensive part. */
  private void connected(NetSocket socket) {
    EdgeSocket edgeSocket =
        new EdgeSocket(
            (NetSocketInternal) socket,
            Objects.requireNonNull(tls),
            limits,
            Objects.requireNonNull(lag),
            meters,
            System::nanoTime);
    EdgeConnection edge =
        new EdgeConnection(vertx, edgeSocket, limits, logins, connections, meters, clock);
    mine.add(edge);
    socket.shutdownHandler(stopping -> edge.stop());
    edgeSocket.closeHandler(
        () -> {
          mine.remove(edge);
          connections.closed(edge);
        });
    EdgeConnection displaced =
        connections.opened(edge, OpenConnections.source(socket.remoteAddress()));
    if (displaced != null) {
      meters.connectionRefused();
    }
    if (displaced == edge) {
      // Closes in this turn of the event loop: in the next one, the handshake may have begun.
      edgeSocket.cut();
    } else if (displaced != null) {
      displaced.cut();
    }
  }

  private void sweep() {
    Instant now = clock.instant();
    // Iterates over a copy: closing a connection may remove it from the set immediately.
    List.copyOf(mine).forEach(edge -> edge.sweep(now));
  }
}
