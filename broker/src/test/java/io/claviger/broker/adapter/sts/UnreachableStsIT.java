package io.claviger.broker.adapter.sts;

import static io.claviger.broker.adapter.sts.StsFixture.TAGS;
import static io.claviger.broker.adapter.sts.StsFixture.opened;
import static io.claviger.broker.adapter.sts.StsFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An STS that is unreachable, closes connections, or does not answer in time. */
class UnreachableStsIT {

  private static final String TARGET = "arn:aws:iam::111122223333:role/target";

  @Test
  void asksOnceMoreOnAnotherConnectionWhenAKeptOneIsLost() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (StsFixture behind = new StsFixture()) {
      AtomicInteger cuts = new AtomicInteger();
      URI proxy = proxy(vertx, behind.sts.endpoint(), cuts);
      StsRoleSessions sessions =
          new StsRoleSessions(
              new StsConnection(
                  new StsConnection.Endpoint("eu-central-1", Optional.of(proxy)),
                  Optional.empty(),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(8),
                  1),
              Map.of(Quotas.USUAL, () -> StsFixture.credentials(behind.own)),
              behind.quotas,
              InstantSource.system(),
              behind.meters);
      opened(sessions.open(request()).toCompletableFuture().get());

      cuts.set(1);
      opened(sessions.open(request()).toCompletableFuture().get());
      cuts.set(2);
      assertThat(sessions.open(request()).toCompletableFuture().get())
          .isInstanceOf(Result.Retryable.class);

      assertThat(cuts).hasValue(0);
      assertThat(behind.sts.ledger().assumeRoleCalls()).isEqualTo(2);
      sessions.close();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  @Tag("ci")
  void asksOnceMoreWithNoMoreThanTheTimeThatIsLeft() throws Exception {
    Vertx vertx = Vertx.vertx();
    Duration deadline = Duration.ofSeconds(4);
    try (StsFixture behind = new StsFixture()) {
      AtomicInteger asked = new AtomicInteger();
      HttpServer late =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    if (asked.incrementAndGet() == 1) {
                      vertx.setTimer(2_000, timer -> request.connection().close());
                    }
                  });
      StsRoleSessions sessions =
          new StsRoleSessions(
              new StsConnection(
                  new StsConnection.Endpoint("eu-central-1", Optional.of(listen(late))),
                  Optional.empty(),
                  Duration.ofSeconds(5),
                  deadline,
                  1),
              Map.of(Quotas.USUAL, () -> StsFixture.credentials(behind.own)),
              behind.quotas,
              InstantSource.system(),
              behind.meters);
      long began = System.nanoTime();

      assertThat(sessions.open(request()).toCompletableFuture().get())
          .isInstanceOf(Result.Retryable.class);

      assertThat(asked).hasValue(2);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(deadline.plus(Duration.ofMillis(1_500)));
      sessions.close();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  /** A proxy to STS that cuts this many requests off before the answer. */
  private static URI proxy(Vertx vertx, URI sts, AtomicInteger cuts) throws Exception {
    HttpClient client = vertx.createHttpClient();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  if (cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    request.connection().close();
                    return;
                  }
                  request
                      .body()
                      .compose(
                          body ->
                              client
                                  .request(
                                      HttpMethod.POST, sts.getPort(), sts.getHost(), request.uri())
                                  .compose(
                                      forwarded -> {
                                        forwarded.headers().setAll(request.headers());
                                        return forwarded.send(body);
                                      }))
                      .compose(
                          answer -> {
                            request.response().setStatusCode(answer.statusCode());
                            return answer.body();
                          })
                      .onSuccess(request.response()::end);
                });
    return listen(server);
  }

  private static URI listen(HttpServer server) throws Exception {
    int port =
        server
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  @Test
  void endsAtItsDeadline() throws Exception {
    try (StsFixture slow = new StsFixture(Duration.ofSeconds(2), Duration.ofMillis(700))) {
      slow.sts.behaviour().latency(Duration.ofSeconds(5));
      long before = System.nanoTime();

      Result result =
          slow.roleSessions
              .open(request(TARGET, "x/y", TAGS))
              .toCompletableFuture()
              .get(4, TimeUnit.SECONDS);

      assertThat(result)
          .isEqualTo(
              new Result.Retryable(Result.Retryable.Cause.FAILING, "STS is unavailable (timeout)"));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void isRetryableWhenNobodyListens() throws Exception {
    StsFixture gone = new StsFixture();
    gone.sts.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);

    Result result =
        gone.roleSessions.open(request()).toCompletableFuture().get(9, TimeUnit.SECONDS);

    assertThat(result).isInstanceOf(Result.Retryable.class);
    gone.close();
  }
}
