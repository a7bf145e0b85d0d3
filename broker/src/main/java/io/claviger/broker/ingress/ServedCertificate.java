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
 * The certificate that a server shows, and the authorities that have to have signed its clients',
 * if they need any: replaced when their files have changed. Files that cannot be used leave those
 * before in service. Lives on its server's context.
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

  /** What is in the files. */
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
   * A certificate that has yet to be read, for a server to which anybody may come.
   *
   * @param every how often the files are looked at
   * @param results is told {@code replaced} and {@code failed}
   */
  public ServedCertificate(CertificateFiles files, Duration every, Consumer<String> results) {
    this(files, Optional.empty(), every, results);
  }

  /**
   * The same for a server whose clients have certificates.
   *
   * @param clientAuthorities PEM, one or more
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

  /** Reads it the first time; fails when it is not usable. */
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

  /** From now on the server is given what changes, and what it was not given by {@link #read}. */
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

  /** Stops looking. */
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

  /** The first time it is what the server has started with, or newer. */
  private boolean replaced(Content content) {
    boolean first = served == null;
    served = content;
    return !first;
  }

  private void checked(boolean replaced) {
    failing = false;
    if (replaced) {
      results.accept("replaced");
      LOG.atInfo().log("new connections get the new certificate");
    }
  }

  private void failed(Throwable failure) {
    results.accept("failed");
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("reason", failure.getMessage())
          .log("the certificate cannot be renewed; the one before is still served");
    }
  }
}
