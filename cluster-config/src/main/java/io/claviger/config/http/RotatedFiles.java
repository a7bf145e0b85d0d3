package io.claviger.config.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The token that a client presents and the authorities that it trusts. Both are files that are
 * rotated externally, so they are read for each request.
 *
 * @param token presented as bearer, RFC 6750; if absent, no token is presented
 * @param authorities that sign the server's certificate, PEM; if absent, the system's
 */
public record RotatedFiles(Optional<Path> token, Optional<Path> authorities) {

  public static RotatedFiles of(Path token, Path authorities) {
    return new RotatedFiles(Optional.of(token), Optional.of(authorities));
  }

  /**
   * Returns the request with the current content of the files; fails with a message that names an
   * unreadable file.
   */
  public Future<RequestOptions> on(Vertx vertx, RequestOptions request) {
    return read(vertx, authorities, "the authorities to be trusted")
        .map(pem -> pem.map(trusted -> request.setSslOptions(trusting(trusted))))
        .compose(trusting -> read(vertx, token, "the token to be presented"))
        .map(
            text -> {
              text.ifPresent(
                  bytes ->
                      request.putHeader("Authorization", "Bearer " + bytes.toString().strip()));
              return request;
            });
  }

  /** Vert.x creates one context for equal options. */
  private static ClientSSLOptions trusting(Buffer pem) {
    return new ClientSSLOptions()
        .setHostnameVerificationAlgorithm("HTTPS")
        .setTrustOptions(new PemTrustOptions().addCertValue(pem));
  }

  private static Future<Optional<Buffer>> read(Vertx vertx, Optional<Path> file, String what) {
    return file.map(
            path ->
                vertx
                    .fileSystem()
                    .readFile(path.toString())
                    .map(Optional::of)
                    .recover(
                        failure -> Future.failedFuture(what + " cannot be read: file " + path)))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }
}
