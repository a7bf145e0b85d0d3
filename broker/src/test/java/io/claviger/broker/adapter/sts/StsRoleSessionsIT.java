package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.stsfake.AssumedRole;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.QueryError;
import io.claviger.stsfake.RoleTrust;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** How sessions are asked of STS, and what each of its answers means. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsRoleSessionsIT {

  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";
  private static final String TARGET = "arn:aws:iam::111122223333:role/target";
  private static final Map<String, String> TAGS =
      Map.of(
          "eks-cluster-arn", "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
          "eks-cluster-name", "c1",
          "kubernetes-namespace", "shop",
          "kubernetes-service-account", "cart",
          "kubernetes-pod-name", "cart-7",
          "kubernetes-pod-uid", "uid-7");

  private StsFixture fixture;

  @BeforeAll
  void open() throws Exception {
    fixture = new StsFixture();
  }

  @AfterAll
  void close() throws Exception {
    fixture.close();
  }

  @BeforeEach
  void reset() {
    fixture.sts.reset();
  }

  @Test
  void asksForOneSessionWithAllItsTagsTransitive() throws Exception {
    Result result = open(request(ROLE, null, null, TAGS));

    SessionCredentials session = opened(result);
    AssumedRole call = onlyCall();
    assertThat(call.roleArn()).isEqualTo(ROLE);
    assertThat(call.sessionName()).isEqualTo("shop.cart-0123456789ab");
    assertThat(call.tags()).isEqualTo(TAGS);
    assertThat(call.transitiveTagKeys()).containsExactlyInAnyOrderElementsOf(TAGS.keySet());
    assertThat(call.externalId()).isNull();
    assertThat(call.policy()).isNull();
    assertThat(call.durationSeconds()).isEqualTo(3600);
    assertThat(session.accessKeyId()).isEqualTo(call.accessKeyId());
    assertThat(session.accountId()).isEqualTo("111122223333");
    assertThat(session.assumedRoleArn())
        .isEqualTo("arn:aws:sts::111122223333:assumed-role/cart/shop.cart-0123456789ab");
    assertThat(session.remaining(Instant.now()))
        .isBetween(Duration.ofSeconds(3500), Duration.ofSeconds(3600));
  }

  @Test
  void asksWithoutTagsButWithAnExternalIdAndAPolicy() throws Exception {
    RoleSessions.Request request =
        new RoleSessions.Request(
            ROLE,
            null,
            "eu-central-1/111122223333/c1/shop/cart",
            "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
            Map.of(),
            Map.of(),
            "shop.cart-0123456789ab",
            Duration.ofMinutes(15));

    opened(open(request));

    AssumedRole call = onlyCall();
    assertThat(call.tags()).isEmpty();
    assertThat(call.transitiveTagKeys()).isEmpty();
    assertThat(call.externalId()).isEqualTo("eu-central-1/111122223333/c1/shop/cart");
    assertThat(call.policy()).contains("2012-10-17");
    assertThat(call.durationSeconds()).isEqualTo(900);
  }

  @Test
  void saysWhatTheTrustPolicyOfARoleMustAllow() throws Exception {
    fixture.sts.trust(ROLE, RoleTrust.anyone().withoutTagSession());

    assertThat(denied(open(request(ROLE, null, null, TAGS))).message())
        .contains(ROLE, "sts:AssumeRole and sts:TagSession");
    assertThat(open(request(ROLE, null, null, Map.of()))).isInstanceOf(Result.Opened.class);
  }

  /** Calls: with credentials that STS does not take, there is one more with new ones. */
  @ParameterizedTest
  @CsvSource({
    "AccessDenied,            403, ROLE_DENIED,        1",
    "MalformedPolicyDocument, 400, ROLE_MISCONFIGURED, 1",
    "PackedPolicyTooLarge,    400, ROLE_MISCONFIGURED, 1",
    "ValidationError,         400, ROLE_MISCONFIGURED, 1",
    "RegionDisabledException, 403, ROLE_MISCONFIGURED, 1",
    "ExpiredToken,            403, OWN_CREDENTIALS,    2",
    "ExpiredTokenException,   403, OWN_CREDENTIALS,    2",
    "InvalidClientTokenId,    403, OWN_CREDENTIALS,    2",
    "SignatureDoesNotMatch,   403, OWN_CREDENTIALS,    2",
    "Throttling,              400, THROTTLED,          1",
    "ThrottlingException,     400, THROTTLED,          1",
    "RequestLimitExceeded,    400, THROTTLED,          1",
    "TooManyRequests,         429, THROTTLED,          1",
    "IDPCommunicationError,   400, FAILING,            1",
    "InternalFailure,         500, FAILING,            1",
    "ServiceUnavailable,      503, FAILING,            1",
    "AccessDenied,            500, FAILING,            1",
    "SomethingNew,            400, FAILING,            1",
  })
  void takesEachOfStsErrorsForWhatItIs(String code, int status, String meaning, int calls)
      throws Exception {
    fixture.sts.behaviour().failWith(new QueryError(code, status, "STS says so"));

    Result result = open(request(ROLE, null, null, TAGS));

    String actual =
        switch (result) {
          case Result.Denied denied -> denied.reason().name();
          case Result.Retryable retryable -> retryable.cause().name();
          case Result.Opened opened -> "OPENED";
        };
    assertThat(actual).isEqualTo(meaning);
    assertThat(fixture.sts.ledger().assumeRoleCalls()).isEqualTo(calls);
  }

  @Test
  void showsNoSecretInWhatItSaysOfAFailure() throws Exception {
    for (QueryError error :
        List.of(
            new QueryError("AccessDenied", 403, "User " + StsFixture.USER + " may not"),
            new QueryError("ValidationError", 400, "no good"),
            new QueryError("ExpiredToken", 403, "token"),
            new QueryError("SignatureDoesNotMatch", 403, "Authorization=" + secret()),
            QueryError.internalFailure())) {
      fixture.sts.behaviour().failWith(error);

      assertThat(open(request(ROLE, null, null, TAGS)).toString())
          .doesNotContain(secret(), StsFixture.USER);
    }
  }

  private String secret() {
    return fixture.own.secretAccessKey();
  }

  @Test
  void countsCallsByWhatCameOfThem() throws Exception {
    opened(open(request(ROLE, null, null, TAGS)));
    fixture.sts.trust(ROLE, RoleTrust.nobody());
    denied(open(request(ROLE, null, null, TAGS)));

    assertThat(timed("opened")).isPositive();
    assertThat(timed("denied")).isPositive();
  }

  private long timed(String result) {
    return fixture.meters.get(Meters.STS_CALLS).tag(Meters.RESULT, result).timer().count();
  }

  @Test
  void readsItsOwnCredentialsAnewOnceForAllWhoFindThemRefused() throws Exception {
    try (StsFixture own = new StsFixture()) {
      opened(own.roleSessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get());
      String old = own.own.accessKeyId();
      own.own = own.sts.register(Principal.user(StsFixture.USER));
      own.sts.deregister(old);

      List<Result> results =
          IntStream.range(0, 20)
              .mapToObj(number -> own.roleSessions.open(request(ROLE, null, null, TAGS)))
              .toList()
              .stream()
              .map(opening -> opening.toCompletableFuture().join())
              .toList();

      assertThat(results).hasOnlyElementsOfType(Result.Opened.class);
      assertThat(own.providers).hasValue(2);
    }
  }

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
      opened(sessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get());

      cuts.set(1);
      opened(sessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get());
      cuts.set(2);
      assertThat(sessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get())
          .isInstanceOf(Result.Retryable.class);

      assertThat(cuts).hasValue(0);
      assertThat(behind.sts.ledger().assumeRoleCalls()).isEqualTo(2);
      sessions.close();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  @Tag("long")
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

      assertThat(sessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get())
          .isInstanceOf(Result.Retryable.class);

      assertThat(asked).hasValue(2);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(deadline.plus(Duration.ofMillis(1_500)));
      sessions.close();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  /** A way to STS that cuts so many requests off before it answers. */
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
  void opensSessionsAsARoleOfItsOwnToo() throws Exception {
    try (StsFixture own = new StsFixture()) {
      own.sts.deregister(own.own.accessKeyId());
      own.own =
          own.sts.issue(
              "arn:aws:iam::111122223333:role/broker", "broker-1", Duration.ofMinutes(15));

      opened(own.roleSessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture().get());

      assertThat(own.sts.ledger().assumedRoles().getLast().caller())
          .isEqualTo("arn:aws:sts::111122223333:assumed-role/broker/broker-1");
    }
  }

  @Test
  void doesNotKeepItsCallerWaitingForItsOwnCredentials() throws Exception {
    CountDownLatch metadata = new CountDownLatch(1);
    try (StsFixture slow =
        new StsFixture(Duration.ofSeconds(3), Duration.ofSeconds(3), blocked(metadata))) {
      long before = System.nanoTime();
      CompletableFuture<Result> waits =
          slow.roleSessions.open(request(ROLE, null, null, TAGS)).toCompletableFuture();
      Duration kept = Duration.ofNanos(System.nanoTime() - before);

      assertThat(kept).isLessThan(Duration.ofSeconds(2));
      assertThat(waits).isNotDone();
      assertThat(waits.get(6, TimeUnit.SECONDS)).isInstanceOf(Result.Retryable.class);
      metadata.countDown();
      opened(
          slow.roleSessions
              .open(request(ROLE, null, null, TAGS))
              .toCompletableFuture()
              .get(6, TimeUnit.SECONDS));
    }
  }

  private static UnaryOperator<AwsCredentialsProvider> blocked(CountDownLatch latch) {
    return provider ->
        () -> {
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return provider.resolveCredentials();
        };
  }

  @Test
  void endsAtItsDeadline() throws Exception {
    try (StsFixture slow = new StsFixture(Duration.ofSeconds(2), Duration.ofMillis(700))) {
      slow.sts.behaviour().latency(Duration.ofSeconds(5));
      long before = System.nanoTime();

      Result result =
          slow.roleSessions
              .open(request(ROLE, TARGET, "x/y", TAGS))
              .toCompletableFuture()
              .get(4, TimeUnit.SECONDS);

      assertThat(result)
          .isEqualTo(
              new Result.Retryable(
                  Result.Retryable.Cause.FAILING, "STS cannot be asked now (timeout)"));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void isRetryableWhenNobodyListens() throws Exception {
    StsFixture gone = new StsFixture();
    gone.sts.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);

    Result result =
        gone.roleSessions
            .open(request(ROLE, null, null, TAGS))
            .toCompletableFuture()
            .get(9, TimeUnit.SECONDS);

    assertThat(result).isInstanceOf(Result.Retryable.class);
    gone.close();
  }

  private Result open(RoleSessions.Request request) throws Exception {
    return fixture.roleSessions.open(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private AssumedRole onlyCall() {
    List<AssumedRole> calls = fixture.sts.ledger().assumedRoles();
    assertThat(calls).hasSize(1);
    return calls.getFirst();
  }

  private static SessionCredentials opened(Result result) {
    assertThat(result).isInstanceOf(Result.Opened.class);
    return ((Result.Opened) result).credentials();
  }

  private static Result.Denied denied(Result result) {
    assertThat(result).isInstanceOf(Result.Denied.class);
    assertThat(((Result.Denied) result).reason()).isEqualTo(RefusalReason.ROLE_DENIED);
    return (Result.Denied) result;
  }

  private static RoleSessions.Request request(
      String role, @Nullable String target, @Nullable String externalId, Map<String, String> tags) {
    return new RoleSessions.Request(
        role,
        target,
        externalId,
        null,
        Map.of(),
        tags,
        "shop.cart-0123456789ab",
        Duration.ofHours(1));
  }
}
