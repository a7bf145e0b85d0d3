package io.claviger.config.bridge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A TLS connection of this process to itself that returns what it sends. It lets handshakes,
 * ciphers, sockets and frames run before any edge or broker connects. It accepts its own
 * certificate only, one frame at a time, and few connections. Any other client on this host
 * therefore learns nothing and occupies nothing for long. Used by one thread.
 */
public final class LoopbackTls {

  private static final String HOST = "127.0.0.1";
  private static final int CONNECTIONS = 4;

  /** On busy cores a warm-up round takes seconds, and the pause after it three times as long. */
  private static final int IDLE_SECONDS = 30;

  private final NetServer server;
  private final NetClient client;
  private volatile @Nullable NetSocket socket;
  private volatile Promise<Buffer> arriving = Promise.promise();

  private LoopbackTls(NetServer server, NetClient client) {
    this.server = server;
    this.client = client;
  }

  /**
   * Listens; fails if the files cannot be used.
   *
   * @param certificate chain, PEM
   * @param key of it, PEM
   */
  public static Future<LoopbackTls> listen(Vertx vertx, Path certificate, Path key) {
    return listen(
        vertx,
        new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()),
        new PemTrustOptions().addCertPath(certificate.toString()));
  }

  /**
   * Listens with a certificate and a key from the program's resources, for a program without its
   * own. They are public, so nothing but {@link #connect()} trusts them.
   */
  public static Future<LoopbackTls> listen(Vertx vertx) {
    PfxOptions own = new PfxOptions().setPassword("warm-up").setValue(Buffer.buffer(resource()));
    return listen(vertx, own, own.copy());
  }

  private static byte[] resource() {
    try (InputStream in = LoopbackTls.class.getResourceAsStream("warm-up.p12")) {
      if (in == null) {
        throw new IllegalStateException("the program has no resource warm-up.p12");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Future<LoopbackTls> listen(Vertx vertx, KeyCertOptions own, TrustOptions trust) {
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions()
                .setSsl(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setKeyCertOptions(own));
    NetClient client =
        vertx.createNetClient(
            new NetClientOptions()
                .setSsl(true)
                .setTrustOptions(trust)
                // Its address is not in the certificate; the client trusts this certificate only.
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

  /** Returns the port on which it listens. */
  public int port() {
    return server.actualPort();
  }

  /** Connects anew; completes with the session of a full handshake. */
  public Future<SSLSession> connect() {
    NetSocket before = socket;
    if (before != null) {
      // Otherwise the next connection would resume this one's session.
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

  /** Sends a frame; completes with the body that comes back. */
  public Future<Buffer> carry(Buffer frame) {
    NetSocket connected = socket;
    if (connected == null) {
      return Future.failedFuture("not connected");
    }
    Promise<Buffer> arrival = Promise.promise();
    arriving = arrival;
    return connected.write(frame).compose(sent -> arrival.future());
  }

  /** Closes its connections; completes when nothing listens any more. */
  public Future<Void> close() {
    var connection = client.close();
    return server.close();
  }
}
