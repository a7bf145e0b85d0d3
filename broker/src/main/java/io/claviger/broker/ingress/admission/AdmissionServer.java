package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.ServedCertificate;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.Listening;
import io.claviger.config.load.HeadLines;
import io.claviger.config.load.OpenConnections;
import io.claviger.config.load.ServerConnections;
import io.claviger.config.load.Shares;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint for API servers' reviews of new pods: HTTP/1.1 over TLS. */
public final class AdmissionServer extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);

  /** The timeout of an API server for a review. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  /** At most the broker's timeout for its warm-up, which runs at the same time. */
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(4);

  private final HostPort address;
  private final ServedCertificate certificate;
  private final AdmissionLimits limits;
  private final PodAdmission admission;
  private final AdmissionMeters meters;
  private Future<?> prepared = Future.succeededFuture();
  private @Nullable HttpServer server;
  private final Shares connections;

  /**
   * Creates a server, to be deployed.
   *
   * @param clientAuthority PEM; if present, it must have signed the clients' certificates
   */
  public AdmissionServer(
      HostPort address,
      CertificateFiles certificate,
      Optional<Path> clientAuthority,
      AdmissionLimits limits,
      PodAdmission admission,
      AdmissionMeters meters) {
    this.address = address;
    this.certificate =
        new ServedCertificate(
            certificate, clientAuthority, limits.certificateCheck(), meters::certificate);
    this.limits = limits;
    this.connections = Shares.halves(limits.connections());
    this.admission = admission;
    this.meters = meters;
  }

  /**
   * Opens the connections that a review needs. To be called while the broker starts. The server
   * listens when they are open, or after four seconds.
   */
  public void prepare() {
    prepared =
        Future.succeededFuture()
            .compose(begin -> Future.fromCompletionStage(admission.prepare()))
            .timeout(PREPARED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .otherwiseEmpty();
  }

  /**
   * Listens, once {@link #prepare()} is done. Fails when the certificate is unusable or the address
   * is in use.
   */
  @Override
  public Future<?> start() {
    Promise<Void> over = Promise.promise();
    // The preparation completes on another thread; the server lives on this event loop.
    prepared.onComplete(done -> context.runOnContext(v -> over.complete()));
    return over.future()
        .compose(v -> certificate.read(vertx))
        .compose(this::listen)
        .onSuccess(this::listening);
  }

  /** Stops listening and drains the reviews in progress. */
  @Override
  public Future<?> stop() {
    certificate.stop();
    HttpServer listening = server;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(Math.max(1, limits.drain().toMillis()), TimeUnit.MILLISECONDS);
  }

  /** The port; 0 while the server does not listen. */
  public int port() {
    HttpServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  private Future<HttpServer> listen(ServerSSLOptions served) {
    HttpServer made =
        vertx
            .createHttpServer(options(served))
            .connectionHandler(this::connected)
            .requestHandler(new AdmissionRoute(vertx, admission, limits, meters)::handle);
    server = made;
    return Listening.at(address, made.listen(address.port(), address.host()));
  }

  private void connected(HttpConnection connection) {
    String source = OpenConnections.source(connection.remoteAddress());
    HeadLines.bound(connection);
    if (connections.take(source, 1)) {
      connection.closeHandler(closed -> connections.release(source, 1));
    } else {
      ServerConnections.cut(connection);
    }
  }

  private void listening(HttpServer listening) {
    certificate.watch(vertx, listening::updateSSLOptions);
    LOG.atInfo()
        .addKeyValue("address", new HostPort(address.host(), listening.actualPort()))
        .log("API servers can call the admission webhook");
  }

  private HttpServerOptions options(ServerSSLOptions served) {
    return new HttpServerOptions()
        .setSsl(true)
        // Before the handshake, the client is unauthenticated.
        .setSslHandshakeTimeout(HANDSHAKE.toSeconds())
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setKeyCertOptions(served.getKeyCertOptions())
        .setClientAuth(served.getClientAuth())
        .setTrustOptions(served.getTrustOptions())
        .setIdleTimeout((int) limits.idle().toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
  }
}
