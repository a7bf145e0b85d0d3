package io.claviger.broker.adapter.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.PodTokenVerifier;
import io.claviger.broker.identity.TestClock;
import io.claviger.broker.identity.TestClusters;
import io.claviger.broker.identity.TokenMint;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyRefreshTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock(NOW);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TokenMint mint = new TokenMint("key-1");
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile CompletableFuture<String> published =
      CompletableFuture.completedFuture(mint.jwks());
  private final IssuerKeys keys =
      new IssuerKeys(
          TestClusters.named("c1"),
          () -> {
            fetches.incrementAndGet();
            return published;
          },
          clock,
          clock);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void fetchesAtTheStartAndThenAgainAndAgain() throws Exception {
    deploy(Duration.ofMillis(20));

    await().until(() -> fetches.get() >= 4);
    assertThat(keys.current()).isPresent();
    assertThat(count("changed")).isEqualTo(1);
    assertThat(count("unchanged")).isPositive();
  }

  @Test
  void showsHowOldTheKeysAre() throws Exception {
    published = new CompletableFuture<>();
    deploy(Duration.ofHours(1));
    assertThat(age()).isNaN();

    published.complete(mint.jwks());
    await().until(() -> keys.current().isPresent());
    clock.advance(Duration.ofSeconds(90));

    assertThat(age()).isEqualTo(90);
  }

  @Test
  void keepsTheLastGoodSetThroughFailuresAndTakesTheNextOne() throws Exception {
    deploy(Duration.ofMillis(20));
    await().until(() -> keys.current().isPresent());

    published = CompletableFuture.failedFuture(new IllegalStateException("away"));
    await().until(() -> count("failed") >= 2);
    assertThat(keys.current().orElseThrow().jwks()).isEqualTo(mint.jwks());

    TokenMint next = new TokenMint("key-2");
    published = CompletableFuture.completedFuture(mint.jwksWith(next));
    await().until(() -> keys.current().orElseThrow().keys().keyIds().contains("key-2"));
    assertThat(count("changed")).isEqualTo(2);
  }

  @Test
  void countsTheOneFetchThatManyUnknownKeyIdsMakeFor() throws Exception {
    deploy(Duration.ofHours(1));
    await().until(() -> keys.current().isPresent());
    PodTokenVerifier tokens = new PodTokenVerifier(new Issuers(List.of(keys)), 10, clock, clock);

    for (int number = 0; number < 9; number++) {
      String token =
          new TokenMint("unknown-" + number % 3).token(TestClusters.issuer("c1"), NOW).sign();
      assertThat(
              tokens
                  .verify(token, new Caller("c1", "node-1"), RequestPriority.FIRST)
                  .toCompletableFuture()
                  .join())
          .isNotInstanceOf(TokenVerification.Verified.class);
    }

    assertThat(fetches).hasValue(2);
    assertThat(count("changed") + count("unchanged")).isEqualTo(2);
  }

  private void deploy(Duration interval) throws Exception {
    vertx
        .deployVerticle(
            new KeyRefresh(
                Map.of(keys, interval), new IngressMeters(meters), new SplittableRandom(7)))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private double age() {
    return meters.get(IngressMeters.KEY_SET_AGE).tag("cluster", "c1").gauge().value();
  }

  private double count(String result) {
    Counter counter = meters.find(IngressMeters.KEY_FETCHES).tag("result", result).counter();
    return counter == null ? 0 : counter.count();
  }
}
