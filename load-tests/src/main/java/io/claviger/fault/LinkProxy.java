package io.claviger.fault;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP link between two processes that can be disturbed. It forwards bytes, so TLS passes through.
 * It loses no held bytes: it forwards them once the link is fine again, as TCP retransmits.
 * Thread-safe.
 */
public final class LinkProxy implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final long TIMEOUT_SECONDS = 10;

  /** The state of a link. */
  public enum State {
    /** Forwards everything. */
    FINE,
    /** Forwards nothing and reports nothing, as where packets are dropped. */
    BLACK_HOLE,
    /** Forwards requests, and no responses. */
    HALF_OPEN,
    /** Resets every connection and accepts no new one. */
    RESET
  }

  private final Vertx vertx;
  private final NetServer server;
  private final NetClient client;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable HostPort target;
  private volatile State state = State.FINE;
  private volatile Duration delay = Duration.ZERO;

  private LinkProxy(Vertx vertx) {
    this.vertx = vertx;
    // With SO_LINGER 0 a close is a reset.
    this.server =
        vertx.createNetServer(new NetServerOptions().setHost(HOST).setPort(0).setSoLinger(0));
    this.client = vertx.createNetClient();
  }

  /** Listens, without a destination yet. */
  static LinkProxy listen(Vertx vertx) {
    LinkProxy proxy = new LinkProxy(vertx);
    proxy.server.connectHandler(proxy::connected);
    proxy.server.listen().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).await();
    return proxy;
  }

  /** Sets the destination. */
  LinkProxy to(HostPort port) {
    target = port;
    return this;
  }

  /** The address on which it listens. */
  public HostPort address() {
    return new HostPort(HOST, server.actualPort());
  }

  /** Sets the state. Open connections have it when this returns. Not for an event loop. */
  public void state(State now) {
    state = now;
    Future.all(open.stream().map(Connection::obey).toList())
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .await();
  }

  /** Delays everything by this time from now on, in both directions. */
  public void delay(Duration each) {
    delay = each;
  }

  private void connected(NetSocket from) {
    HostPort to = target;
    if (to == null || state == State.RESET) {
      from.close();
      return;
    }
    from.pause();
    client
        .connect(to.port(), to.host())
        .onFailure(failure -> from.close())
        .onSuccess(socket -> new Connection(vertx.getOrCreateContext(), from, socket).begin());
  }

  /**
   * A client's connection and the one to the destination. Runs on its context, except {@code obey}.
   */
  private final class Connection {
    private final Context context;
    private final NetSocket from;
    private final NetSocket to;
    private final Queue<Buffer> toClient = new ArrayDeque<>();
    private final Queue<Buffer> toMember = new ArrayDeque<>();

    Connection(Context context, NetSocket from, NetSocket to) {
      this.context = context;
      this.from = from;
      this.to = to;
    }

    void begin() {
      from.handler(bytes -> handOn(to, toMember, bytes));
      to.handler(bytes -> handOn(from, toClient, bytes));
      from.closeHandler(closed -> endInTurn());
      to.closeHandler(closed -> endInTurn());
      from.exceptionHandler(broken -> end());
      to.exceptionHandler(broken -> end());
      open.add(this);
      var unused = obey();
    }

    /** Ends after the bytes that are still delayed. */
    private void endInTurn() {
      long millis = delay.toMillis();
      if (millis == 0) {
        end();
      } else {
        vertx.setTimer(millis, timer -> end());
      }
    }

    private void end() {
      open.remove(this);
      from.close();
      to.close();
    }

    Future<Void> obey() {
      Promise<Void> done = Promise.promise();
      context.runOnContext(
          turn -> {
            switch (state) {
              case FINE -> {
                from.resume();
                to.resume();
              }
              case BLACK_HOLE -> {
                from.pause();
                to.pause();
              }
              case HALF_OPEN -> {
                from.resume();
                to.pause();
              }
              case RESET -> end();
            }
            done.complete();
          });
      return done.future();
    }

    /** Forwards in order, even if the delay has become shorter meanwhile. */
    private void handOn(NetSocket socket, Queue<Buffer> waiting, Buffer bytes) {
      long millis = delay.toMillis();
      if (millis == 0 && waiting.isEmpty()) {
        socket.write(bytes);
        return;
      }
      waiting.add(bytes);
      vertx.setTimer(Math.max(1, millis), timer -> socket.write(waiting.remove()));
    }
  }

  @Override
  public void close() {
    server.close().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).await();
    client.close().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).await();
  }
}
