package io.claviger.broker.adapter.kubernetes;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Forwards connections to a port of this machine, or closes them all and accepts no more. */
final class CuttableProxy implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final NetServer server;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final int target;
  private volatile boolean cut;

  CuttableProxy(int target) {
    this.target = target;
    server =
        vertx
            .createNetServer()
            .connectHandler(this::accept)
            .listen(0, LOOPBACK)
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join();
  }

  int port() {
    return server.actualPort();
  }

  void cut() {
    cut = true;
    open.forEach(NetSocket::close);
  }

  void mend() {
    cut = false;
  }

  private void accept(NetSocket near) {
    if (cut) {
      near.close();
      return;
    }
    near.pause();
    client
        .connect(target, LOOPBACK)
        .onSuccess(
            far -> {
              open.add(near);
              open.add(far);
              var unusedThere = near.pipeTo(far).onComplete(done -> open.remove(near));
              var unusedBack = far.pipeTo(near).onComplete(done -> open.remove(far));
            })
        .onFailure(failure -> near.close());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
