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

/** The endpoint for API servers that ask about new pods: HTTP/1.1 over TLS. */
public final class AdmissionServer extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);

  /** As long as an API server waits for the answer to a review. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  /** No longer than a broker waits for its warm-up, beside which it goes on. */
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
   * A server; deploy it.
   *
   * @param clientAuthority PEM; where there is one, it has to have signed the certificate of who
   *     asks
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
   * Opens the connections that a review needs; call it while the broker starts. The server listens
   * when they are open, and after four seconds all the same.
   */
  public void prepare() {
    prepared =
        Future.succeededFuture()
            .compose(begin -> Future.fromCompletionStage(admission.prepare()))
            .timeout(PREPARED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .otherwiseEmpty();
  }

  /**
   * Listens, once {@link #prepare()} is done; fails when the certificate is not usable or the
   * address not free.
   */
  @Override
  public Future<?> start() {
    Promise<Void> over = Promise.promise();
    // The preparation ends on another thread, and the server lives on this event loop.
    prepared.onComplete(done -> context.runOnContext(v -> over.complete()));
    return over.future()
        .compose(v -> certificate.read(vertx))
        .compose(this::listen)
        .onSuccess(this::listening);
  }

  /** Stops listening and lets reviews under way end. */
  @Override
  public Future<?> stop() {
    certificate.stop();
    HttpServer listening = server;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(Math.max(1, limits.drain().toMillis()), TimeUnit.MILLISECONDS);
  }

  /** The port that it listens on; 0 while it does not. */
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
        .log("api servers can ask about new pods");
  }

  private HttpServerOptions options(ServerSSLOptions served) {
    return new HttpServerOptions()
        .setSsl(true)
        // Until then a connection counts as nobody's.
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
