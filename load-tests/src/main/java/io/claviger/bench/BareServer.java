package io.claviger.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Vert.x server to which an edge is compared. It answers every request with the bytes of a
 * file. It runs in a process of its own, with the edge's number of event loops.
 */
public final class BareServer {

  private static final String HOST = "127.0.0.1";
  private static final int EVENT_LOOPS = 2;

  private BareServer() {}

  /**
   * Serves until it is stopped.
   *
   * @param args port, file with the body
   */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(args[1])));
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS).setPreferNativeTransport(true));
    listen(vertx, EVENT_LOOPS, port, body)
        .onFailure(
            failure -> {
              System.err.println(failure.getMessage());
              System.exit(1);
            });
  }

  /** Serves with this number of event loops. */
  static Future<String> listen(Vertx vertx, int eventLoops, int port, Buffer body) {
    return vertx.deployVerticle(
        () -> new Listener(port, body), new DeploymentOptions().setInstances(eventLoops));
  }

  private static final class Listener extends VerticleBase {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final int port;
    private final Buffer body;

    Listener(int port, Buffer body) {
      this.port = port;
      this.body = body;
    }

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
          .requestHandler(
              request ->
                  request
                      .response()
                      .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                      .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                      .end(body))
          .listen(port, HOST);
    }
  }
}
