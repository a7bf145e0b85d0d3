package io.claviger.broker.adapter.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.KeyFetch;
import io.claviger.broker.identity.TestClock;
import io.claviger.broker.identity.TestClusters;
import io.claviger.broker.identity.TokenMint;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches of keys from a server that answers correctly, incorrectly, slowly, or without end. */
class HttpKeySourceIT {

  private static final Duration DEADLINE = Duration.ofMillis(700);

  private final Vertx vertx = Vertx.vertx();
  private final TokenMint mint = new TokenMint("key-1");
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Handler<HttpServerRequest> server = request -> request.response().end();
  private URI url = URI.create("http://127.0.0.1");

  @BeforeEach
  void listen() throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  requests.incrementAndGet();
                  server.handle(request);
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    url = URI.create("http://127.0.0.1:" + port + "/openid/v1/jwks");
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void fetchesTheKeySet() throws Exception {
    server =
        request -> {
          assertThat(request.path()).isEqualTo("/openid/v1/jwks");
          assertThat(request.getHeader("Accept")).contains("application/jwk-set+json");
          request.response().end(mint.jwks());
        };

    assertThat(fetch()).isEqualTo(mint.jwks());
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 400, 401, 403, 404, 500, 503})
  void failsWhenTheAnswerIsAnother(int status) {
    server = request -> request.response().setStatusCode(status).end();

    assertThatThrownBy(this::fetch)
        .hasMessageContaining(url.toString())
        .hasMessageContaining("answered " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307})
  void followsNoRedirect(int status) {
    server =
        request ->
            request
                .response()
                .setStatusCode(status)
                .putHeader("Location", url.resolve("/elsewhere").toString())
                .end();

    assertThatThrownBy(this::fetch).hasMessageContaining("answered " + status);
    assertThat(requests).hasValue(1);
  }

  @Test
  void failsAtItsDeadlineWhenNoAnswerComes() {
    server = request -> {};

    assertThatThrownBy(this::fetch).hasMessageContaining(url.toString());
  }

  @Test
  void failsAtItsDeadlineWhenAnAnswerDoesNotEnd() {
    server =
        request -> {
          request.response().setChunked(true).write("{");
          vertx.setPeriodic(50, tick -> request.response().write(" "));
        };
    long before = System.nanoTime();

    assertThatThrownBy(this::fetch).hasMessageContaining(url.toString());

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void failsWhenTheAnswerIsTooLongAndReadsNoFurther() {
    AtomicLong sent = new AtomicLong();
    Buffer chunk = Buffer.buffer(new byte[64 * 1024]);
    server =
        request -> {
          request.response().setChunked(true);
          vertx.setPeriodic(
              1,
              tick -> {
                if (request.response().closed() || request.response().writeQueueFull()) {
                  return;
                }
                request.response().write(chunk);
                sent.addAndGet(chunk.length());
              });
        };

    assertThatThrownBy(this::fetch).hasMessageContaining("more than");

    assertThat(sent).hasValueLessThan(32 << 20);
  }

  @Test
  void failsWhenNobodyListens() {
    url = URI.create("http://127.0.0.1:1/jwks");

    assertThatThrownBy(this::fetch).hasMessageContaining(url.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{\"keys\":[]}", "{\"keys\":\"none\"}"})
  void bringsNoKeysInPlaceOfGoodOnesWhenTheAnswerIsNoKeySet(String body) throws Exception {
    TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00Z"));
    IssuerKeys keys = new IssuerKeys(TestClusters.named("c1"), source(), clock, clock);
    server = request -> request.response().end(mint.jwks());
    assertThat(refresh(keys)).isInstanceOf(KeyFetch.Changed.class);

    server = request -> request.response().end(body);

    assertThat(refresh(keys)).isInstanceOf(KeyFetch.Failed.class);
    assertThat(keys.current().orElseThrow().jwks()).isEqualTo(mint.jwks());
  }

  private static KeyFetch refresh(IssuerKeys keys) throws Exception {
    return keys.refresh().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String fetch() throws Exception {
    return source().fetch().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private HttpKeySource source() {
    return new HttpKeySource(
        vertx, new KeyServer(url, Optional.empty(), Optional.empty()), DEADLINE);
  }
}
