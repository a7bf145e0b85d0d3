package io.claviger.config.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoopbackTlsIT {

  private final Vertx vertx = Vertx.vertx();
  // A field, because the garbage collector closes an unreferenced client, with a grace of 30 s.
  private final NetClient stranger =
      vertx.createNetClient(
          new NetClientOptions()
              .setSsl(true)
              .setTrustAll(true)
              .setHostnameVerificationAlgorithm(""));
  private LoopbackTls tls;

  @BeforeEach
  void listen() throws Exception {
    tls = finish(LoopbackTls.listen(vertx));
  }

  @AfterEach
  void end() throws Exception {
    finish(tls.close());
    finish(vertx.close());
  }

  @Test
  void carriesFramesAlsoOnTheNextConnectionWhichIsNotTheLastOnesSession() throws Exception {
    long first = finish(tls.connect()).getCreationTime();
    assertThat(carried(1)).isEqualTo(1);

    await()
        .untilAsserted(
            () -> assertThat(finish(tls.connect()).getCreationTime()).isGreaterThan(first));
    assertThat(carried(2)).isEqualTo(2);
  }

  @Test
  void letsStrangersHoldFewConnections() throws Exception {
    finish(tls.connect());
    AtomicInteger closed = new AtomicInteger();
    List<Future<NetSocket>> strangers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      strangers.add(
          stranger
              .connect(tls.port(), "127.0.0.1")
              .onSuccess(socket -> socket.closeHandler(v -> closed.incrementAndGet())));
    }
    await().untilAsserted(() -> assertThat(closed).hasValueGreaterThanOrEqualTo(16));
    assertThat(carried(3)).isEqualTo(3);
  }

  private int carried(int number) throws Exception {
    return finish(
            tls.carry(
                BridgeFrames.encode(
                    BridgeFrames.SEND, null, null, new JsonObject().put("n", number).toBuffer())))
        .toJsonObject()
        .getInteger("n");
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
