package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that a server shows, replaced when its files have changed; files that cannot be
 * used leave the one before in service. Lives on its server's context.
 */
public final class ServedCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(ServedCertificate.class);

  private final CertificateFiles files;
  private final Duration every;
  private final Consumer<String> results;
  private @Nullable PemKeyCertOptions served;
  private boolean failing;
  private boolean stopped;

  /**
   * A certificate that has yet to be read.
   *
   * @param every how often the files are looked at
   * @param results is told {@code replaced} and {@code failed}
   */
  public ServedCertificate(CertificateFiles files, Duration every, Consumer<String> results) {
    this.files = files;
    this.every = every;
    this.results = results;
  }

  /** Reads it the first time; fails when it is not usable. */
  public Future<PemKeyCertOptions> read(Vertx vertx) {
    return files.read(vertx, null).onSuccess(pem -> served = pem);
  }

  /** From now on the server is given what changes. */
  public void watch(Vertx vertx, Function<ServerSSLOptions, Future<Boolean>> server) {
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

  private Future<Boolean> check(Vertx vertx, Function<ServerSSLOptions, Future<Boolean>> server) {
    return files
        .read(vertx, served)
        .compose(
            pem ->
                pem.equals(served)
                    ? Future.succeededFuture(false)
                    : server
                        .apply(new ServerSSLOptions().setKeyCertOptions(pem))
                        .onSuccess(updated -> served = pem)
                        .map(true))
        .onSuccess(this::checked)
        .onFailure(this::failed);
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
