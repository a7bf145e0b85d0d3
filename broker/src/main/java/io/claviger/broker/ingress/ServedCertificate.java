package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's certificate and, if clients need certificates, their authorities. When a file changes,
 * new connections use the new content. If the new files are unusable, the server keeps the previous
 * content. Lives on its server's context.
 */
public final class ServedCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(ServedCertificate.class);

  private final CertificateFiles files;
  private final Optional<Path> clientAuthorities;
  private final Duration every;
  private final Consumer<String> results;
  private @Nullable Content served;
  private boolean failing;
  private boolean stopped;

  /** The content of the files. */
  private record Content(PemKeyCertOptions certificate, Optional<Buffer> clientAuthorities) {
    ServerSSLOptions options() {
      ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(certificate);
      clientAuthorities.ifPresent(
          authorities ->
              options
                  .setClientAuth(ClientAuth.REQUIRED)
                  .setTrustOptions(new PemTrustOptions().addCertValue(authorities)));
      return options;
    }
  }

  /**
   * Creates an unread certificate, for a server whose clients need no certificate.
   *
   * @param every the interval between checks of the files
   * @param results receives {@code replaced} and {@code failed}
   */
  public ServedCertificate(CertificateFiles files, Duration every, Consumer<String> results) {
    this(files, Optional.empty(), every, results);
  }

  /**
   * Creates an unread certificate, for a server whose clients need a certificate.
   *
   * @param clientAuthorities PEM of one or more authorities; if empty, clients need no certificate
   */
  public ServedCertificate(
      CertificateFiles files,
      Optional<Path> clientAuthorities,
      Duration every,
      Consumer<String> results) {
    this.files = files;
    this.clientAuthorities = clientAuthorities;
    this.every = every;
    this.results = results;
  }

  /** Reads the files for the first time. Fails when they are unusable. */
  public Future<ServerSSLOptions> read(Vertx vertx) {
    return content(vertx).onSuccess(content -> served = content).map(Content::options);
  }

  private Future<Content> content(Vertx vertx) {
    Content before = served;
    return files
        .read(vertx, before == null ? null : before.certificate())
        .compose(
            certificate ->
                authorities(vertx).map(authorities -> new Content(certificate, authorities)));
  }

  private Future<Optional<Buffer>> authorities(Vertx vertx) {
    return clientAuthorities
        .map(file -> vertx.fileSystem().readFile(file.toString()).map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /** Starts to watch the files, and updates the server when they differ from the served content. */
  public void watch(Vertx vertx, Function<ServerSSLOptions, Future<?>> server) {
    vertx.setTimer(
        every.toMillis(),
        timer ->
            check(vertx, server)
                .onComplete(
                    checked -> {
                      if (!stopped) {
                        watch(vertx, server);
                      }
                    }));
  }

  /** Stops watching. */
  public void stop() {
    stopped = true;
  }

  private Future<Boolean> check(Vertx vertx, Function<ServerSSLOptions, Future<?>> server) {
    return content(vertx)
        .compose(
            content ->
                content.equals(served)
                    ? Future.succeededFuture(false)
                    : server.apply(content.options()).map(updated -> replaced(content)))
        .onSuccess(this::checked)
        .onFailure(this::failed);
  }

  /** Returns whether this replaced other content: on the first call, it did not. */
  private boolean replaced(Content content) {
    boolean first = served == null;
    served = content;
    return !first;
  }

  private void checked(boolean replaced) {
    failing = false;
    if (replaced) {
      results.accept("replaced");
      LOG.atInfo().log("the certificate was replaced; new connections use it");
    }
  }

  private void failed(Throwable failure) {
    results.accept("failed");
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("reason", failure.getMessage())
          .log("the changed certificate files are unusable; the previous certificate stays in use");
    }
  }
}
