package io.claviger.broker.app;

import io.claviger.config.bridge.BridgeFrames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A TLS connection of this broker with itself, with its own certificate: what is sent comes back.
 * So handshakes, ciphers, sockets and frames have run before an edge or another broker connects.
 * Accepts no certificate but this one, one frame at a time, and few connections: whoever else on
 * this host connects learns nothing and holds nothing for long. Used by one thread.
 */
final class LoopbackTls {

  private static final String HOST = "127.0.0.1";
  private static final int CONNECTIONS = 4;
  private static final int IDLE_SECONDS = 10;

  private final NetServer server;
  private final NetClient client;
  private volatile @Nullable NetSocket socket;
  private volatile Promise<Buffer> arriving = Promise.promise();

  private LoopbackTls(NetServer server, NetClient client) {
    this.server = server;
    this.client = client;
  }

  /**
   * Listens; fails when the files cannot be used.
   *
   * @param certificate chain, PEM
   * @param key of it, PEM
   */
  static Future<LoopbackTls> listen(Vertx vertx, Path certificate, Path key) {
    return vertx
        .fileSystem()
        .readFile(certificate.toString())
        .compose(
            chain ->
                vertx
                    .fileSystem()
                    .readFile(key.toString())
                    .compose(secret -> listen(vertx, chain, secret)));
  }

  private static Future<LoopbackTls> listen(Vertx vertx, Buffer chain, Buffer secret) {
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions()
                .setSsl(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setKeyCertOptions(
                    new PemKeyCertOptions().addCertValue(chain).addKeyValue(secret)));
    NetClient client =
        vertx.createNetClient(
            new NetClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(chain))
                // It is reached by no name that it was made for; it trusts itself alone.
                .setHostnameVerificationAlgorithm(""));
    AtomicInteger open = new AtomicInteger();
    return server
        .connectHandler(accepted -> echo(accepted, open))
        .listen(0, HOST)
        .map(listening -> new LoopbackTls(listening, client));
  }

  private static void echo(NetSocket accepted, AtomicInteger open) {
    accepted.closeHandler(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > CONNECTIONS) {
      accepted.close();
      return;
    }
    accepted.handler(
        BridgeFrames.parser(
            frame -> {
              if (frame.body() != null && !accepted.writeQueueFull()) {
                accepted.write(BridgeFrames.encodeMessage(null, frame.body()));
              } else {
                accepted.close();
              }
            },
            reason -> accepted.close()));
  }

  /** The port on which it listens. */
  int port() {
    return server.actualPort();
  }

  /** Connects anew; completes with the session of a whole handshake. */
  Future<SSLSession> connect() {
    NetSocket before = socket;
    if (before != null) {
      // Otherwise the next one would resume this one's session.
      before.sslSession().invalidate();
      before.close();
    }
    return client
        .connect(port(), HOST)
        .map(
            connected -> {
              socket = connected;
              connected.handler(
                  BridgeFrames.parser(
                      frame -> arriving.tryComplete(frame.body()), reason -> connected.close()));
              connected.closeHandler(
                  closed -> {
                    if (connected == socket) {
                      arriving.tryFail("closed");
                    }
                  });
              return connected.sslSession();
            });
  }

  /** Sends a frame; completes with its body as it comes back. */
  Future<Buffer> carry(Buffer frame) {
    NetSocket connected = socket;
    if (connected == null) {
      return Future.failedFuture("not connected");
    }
    Promise<Buffer> arrival = Promise.promise();
    arriving = arrival;
    return connected.write(frame).compose(sent -> arrival.future());
  }

  /** Ends its connections; completes when nothing listens any more. */
  Future<Void> close() {
    var connection = client.close();
    return server.close();
  }
}
