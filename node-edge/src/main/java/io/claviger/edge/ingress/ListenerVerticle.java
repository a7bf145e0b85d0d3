package io.claviger.edge.ingress;

import io.claviger.config.load.HeadLines;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Listens on one address, on one event loop; the instances for one address share its socket. */
final class ListenerVerticle extends VerticleBase {

  private static final int MAX_HEADER_BYTES = 16 * 1024;

  /** A token is about a kilobyte: the decoder's buffer need not grow. */
  private static final int DECODER_BYTES = 2 * 1024;

  /**
   * Connections in this queue take no memory of this process. It is longer than what can be
   * answered in time, and late requests get a 503: a client that finds no place in the queue would
   * wait a second.
   */
  private static final int BACKLOG = 1024;

  /**
   * Room for some dozens of answers. By default the kernel buffers up to 4 MB per connection for a
   * client that reads nothing. It counts this as memory of the edge's container.
   */
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  private final String host;
  private final int port;
  private final boolean sharesPorts;
  private final CredentialRoute route;
  private final ClientConnections connections;
  private final Duration round;
  private final Duration drain;
  private final IntConsumer listening;
  private final VerificationQueue verifications =
      new VerificationQueue(turn -> context.runOnContext(nothing -> turn.run()));
  private @Nullable HttpServer server;

  ListenerVerticle(
      String host,
      int port,
      boolean sharesPorts,
      CredentialRoute route,
      ClientConnections connections,
      IngressTimes times,
      IntConsumer listening) {
    this.host = host;
    this.port = port;
    this.sharesPorts = sharesPorts;
    this.route = route;
    this.connections = connections;
    this.round = times.slowClient().dividedBy(ClientConnections.ROUNDS);
    this.drain = times.drain();
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    HttpServer made =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setReusePort(sharesPorts)
                    .setAcceptBacklog(BACKLOG)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setDecoderInitialBufferSize(DECODER_BYTES)
                    .setHttp2ClearTextEnabled(false)
                    .setSendBufferSize(SEND_BUFFER_BYTES)
                    .setTcpNoDelay(true))
            .connectionHandler(this::opened)
            .invalidRequestHandler(route::malformed)
            .requestHandler(this::request);
    server = made;
    return made.listen(port, host).onSuccess(this::bound);
  }

  private void bound(HttpServer server) {
    vertx.setPeriodic(Math.max(1, round.toMillis()), timer -> connections.nextRound());
    listening.accept(server.actualPort());
  }

  private void opened(HttpConnection connection) {
    connections.opened(connection);
    HeadLines.bound(connection, () -> connections.cutOff(connection));
  }

  private void request(HttpServerRequest request) {
    if (request.response().writeQueueFull()) {
      // The client sends requests and reads no answers, which would pile up here.
      connections.cutOff(request.connection());
      return;
    }
    connections.requested(request.connection());
    route.handle(request, verifications);
  }

  @Override
  public Future<?> stop() {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS);
  }
}
