package io.claviger.broker.adapter.sts;

import static io.claviger.broker.adapter.sts.StsFixture.ROLE;
import static io.claviger.broker.adapter.sts.StsFixture.TAGS;
import static io.claviger.broker.adapter.sts.StsFixture.opened;
import static io.claviger.broker.adapter.sts.StsFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.stsfake.AssumedRole;
import io.claviger.stsfake.QueryError;
import io.claviger.stsfake.RoleTrust;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for sessions to STS, and the meaning of each answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsRoleSessionsIT {

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
    Result result = open(request());

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

    assertThat(denied(open(request())).message())
        .contains(ROLE, "sts:AssumeRole and sts:TagSession");
    assertThat(open(request(null, null, Map.of()))).isInstanceOf(Result.Opened.class);
  }

  /** Calls: if STS rejects the credentials, one more follows with new ones. */
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

    Result result = open(request());

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

      assertThat(open(request()).toString()).doesNotContain(secret(), StsFixture.USER);
    }
  }

  private String secret() {
    return fixture.own.secretAccessKey();
  }

  @Test
  void countsCallsByWhatCameOfThem() throws Exception {
    opened(open(request()));
    fixture.sts.trust(ROLE, RoleTrust.nobody());
    denied(open(request()));

    assertThat(timed("opened")).isPositive();
    assertThat(timed("denied")).isPositive();
  }

  private long timed(String result) {
    return fixture.meters.get(Meters.STS_CALLS).tag(Meters.RESULT, result).timer().count();
  }

  private Result open(RoleSessions.Request request) throws Exception {
    return fixture.roleSessions.open(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private AssumedRole onlyCall() {
    List<AssumedRole> calls = fixture.sts.ledger().assumedRoles();
    assertThat(calls).hasSize(1);
    return calls.getFirst();
  }

  private static Result.Denied denied(Result result) {
    assertThat(result).isInstanceOf(Result.Denied.class);
    assertThat(((Result.Denied) result).reason()).isEqualTo(RefusalReason.ROLE_DENIED);
    return (Result.Denied) result;
  }
}
