package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EdgeMessagesIT {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() throws Exception {
    finish(vertx.close());
  }

  @Test
  void areRefusedAtOnceWhereAnsweringThemFails() throws Exception {
    finish(
        EdgeMessages.handle(
            vertx,
            "address",
            message -> {
              throw new IllegalStateException("a bug");
            }));

    assertThatThrownBy(
            () -> finish(new TestRequests(vertx, "address").send("c1", Buffer.buffer("{}"))))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("the broker failed: see its log");
  }

  /** Only the bridge sets the session of a request. */
  @Test
  void areRefusedWhereNoBridgeHasSentThem() throws Exception {
    finish(
        EdgeMessages.handle(
            vertx, "address", message -> message.reply(message.body().session().cluster())));

    assertThatThrownBy(() -> finish(vertx.eventBus().request("address", Buffer.buffer("{}"))))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("the broker failed: see its log");
  }

  /** Waits for less time than the timeout of the event bus. */
  private static <T> T finish(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
