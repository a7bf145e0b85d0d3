package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.RequestSignatures;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.ServedCertificate;
import io.claviger.broker.telemetry.ApiMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.Listening;
import io.claviger.config.load.ServerConnections;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.openapi.contract.OpenAPIContract;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint for clients of EKS and EKS Auth: HTTP/1.1, over TLS except on loopback. */
public final class ApiServer extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final int MAX_LINE_BYTES = 8 * 1024;

  /** By default, the kernel buffers megabytes for each watcher that does not read. */
  private static final int SEND_BUFFER_BYTES = 128 * 1024;

  private final HostPort address;
  private final Optional<ServedCertificate> certificate;
  private final ApiLimits limits;
  private final RequestSignatures signatures;
  private final ApiOperations operations;
  private final ApiMeters meters;
  private final InstantSource clock;
  private @Nullable HttpServer server;
  private @Nullable WatchHandler watches;
  private final ServerConnections connections;

  /**
   * Creates a server, to be deployed.
   *
   * @param certificate the server certificate; optional only on a loopback address
   * @param clock the clock of the answers' {@code Date}; must be that of the signatures, because
   *     clients correct their clocks by it
   * @throws SettingsException when there is no certificate and the address is not loopback
   */
  public ApiServer(
      HostPort address,
      Optional<CertificateFiles> certificate,
      ApiLimits limits,
      RequestSignatures signatures,
      ApiOperations operations,
      ApiMeters meters,
      InstantSource clock) {
    if (certificate.isEmpty() && !isLoopback(address.host())) {
      throw new SettingsException(
          "the API would be served in plain text on "
              + address
              + ": set claviger.broker.api.tls.certificate and claviger.broker.api.tls.key, or a"
              + " loopback address as claviger.broker.api.host");
    }
    this.address = address;
    this.certificate =
        certificate.map(
            files -> new ServedCertificate(files, limits.certificateCheck(), meters::certificate));
    this.limits = limits;
    this.connections = new ServerConnections(limits.connections());
    this.signatures = signatures;
    this.operations = operations;
    this.meters = meters;
    this.clock = clock;
  }

  /** Listens. Fails when the certificate is unusable or the address is in use. */
  @Override
  public Future<?> start() {
    return ApiContract.load(vertx)
        .compose(
            contract ->
                certificate
                    .map(
                        served ->
                            served
                                .read(vertx)
                                .map(
                                    read ->
                                        options()
                                            .setSsl(true)
                                            .setKeyCertOptions(read.getKeyCertOptions())))
                    .orElseGet(() -> Future.succeededFuture(options()))
                    .compose(options -> listen(options, contract)))
        .onSuccess(this::listening);
  }

  /** Stops listening and drains the requests in progress. */
  @Override
  public Future<?> stop() {
    certificate.ifPresent(ServedCertificate::stop);
    if (watches != null) {
      watches.close();
    }
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

  private Future<HttpServer> listen(HttpServerOptions options, OpenAPIContract contract) {
    WatchHandler handler = new WatchHandler(vertx, limits.watches(), meters);
    watches = handler;
    ApiReplies replies = new ApiReplies(clock, UUID::randomUUID);
    ApiAuthenticator authenticator =
        new ApiAuthenticator(
            vertx, signatures, limits, meters, handler, replies, connections::verified);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::opened)
            .invalidRequestHandler(replies::malformed)
            .requestHandler(
                ApiRouter.of(vertx, contract, operations.byId(), authenticator, limits));
    return Listening.at(address, server.listen(address.port(), address.host()));
  }

  private void listening(HttpServer listening) {
    certificate.ifPresent(served -> served.watch(vertx, listening::updateSSLOptions));
    LOG.atInfo()
        .addKeyValue("address", new HostPort(address.host(), listening.actualPort()))
        .addKeyValue("tls", certificate.isPresent())
        .log("clients can call the API");
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(limits.headerBytes())
        .setIdleTimeout((int) limits.idle().toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setSendBufferSize(SEND_BUFFER_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
  }

  private static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      // Accepts literal addresses only: the resolution of a name could change.
      return ADDRESS.matcher(host).matches() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
