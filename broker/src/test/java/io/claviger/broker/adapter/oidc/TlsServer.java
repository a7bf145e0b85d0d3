package io.claviger.broker.adapter.oidc;

import io.claviger.broker.ingress.Certificates;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;

/** An https server on loopback with a certificate of the test's own authority. */
final class TlsServer {

  volatile Handler<HttpServerRequest> handler = request -> request.response().end();
  private final int port;

  TlsServer(Vertx vertx, Certificates certificates) throws Exception {
    this(vertx, certificates, "127.0.0.1");
  }

  /** Creates a server with a certificate for another address. */
  TlsServer(Vertx vertx, Certificates certificates, String address) throws Exception {
    certificates.issueFor("server", address);
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertPath(certificates.certificate("server").toString())
                    .addKeyPath(certificates.key("server").toString()));
    port =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> handler.handle(request))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }
}
