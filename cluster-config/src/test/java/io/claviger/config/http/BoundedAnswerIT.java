package io.claviger.config.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A {@link BoundedAnswer} of a misbehaving server. */
final class BoundedAnswerIT {

  private static final int MAX_BYTES = 10;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  // A field, because the garbage collector closes an unreferenced client, with a grace of 30 s.
  private final HttpClient client = vertx.createHttpClient();
  private final AtomicBoolean hungUp = new AtomicBoolean();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String read(Handler<HttpServerResponse> server, Duration deadline) throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  request.connection().closeHandler(closed -> hungUp.set(true));
                  server.handle(request.response());
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    Promise<Buffer> body = Promise.promise();
    vertx.runOnContext(
        nothing ->
            client
                .request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .compose(response -> BoundedAnswer.read(vertx, response, MAX_BYTES, deadline))
                .onComplete(body));
    return body.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS) + "";
  }

  @Test
  void isWholeUpToTheLimit() throws Exception {
    assertThat(read(response -> response.end("0123456789"), LONG)).isEqualTo("0123456789");
  }

  @Test
  void isResetWhereItIsLonger() {
    assertThatThrownBy(() -> read(response -> response.setChunked(true).write("01234567890"), LONG))
        .hasRootCauseMessage("answered more than 10 bytes");
    await().untilTrue(hungUp);
  }

  @Test
  void isResetWhereItTakesTooLong() {
    assertThatThrownBy(
            () -> read(response -> response.setChunked(true).write("01"), Duration.ofMillis(100)))
        .isInstanceOf(ExecutionException.class);
    await().untilTrue(hungUp);
  }
}
