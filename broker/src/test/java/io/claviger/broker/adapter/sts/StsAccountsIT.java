package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.broker.telemetry.Meters;
import io.claviger.stsfake.AssumedRole;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.QueryError;
import io.claviger.stsfake.RoleTrust;
import io.claviger.stsfake.SigningKey;
import io.claviger.stsfake.StsStandIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Which identity calls which STS, and the requested lifetimes of sessions. */
@Execution(ExecutionMode.CONCURRENT)
class StsAccountsIT {

  private static final String OTHER_ACCOUNT = "444455556666";
  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";
  private static final String OTHER_ROLE = "arn:aws:iam::444455556666:role/pods/cart";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private StsFixture here;
  private StsFixture elsewhere;
  private volatile Duration later = Duration.ZERO;

  @BeforeEach
  void open() throws Exception {
    here = new StsFixture();
    elsewhere = new StsFixture();
    elsewhere.sts.register(here.own);
  }

  @AfterEach
  void close() throws Exception {
    here.close();
    elsewhere.close();
  }

  @Test
  void assumesTheRolesOfAnAccountAsTheIdentityThatIsConfiguredForIt() throws Exception {
    SigningKey other = here.sts.register(Principal.user("arn:aws:iam::444455556666:user/broker"));
    here.sts.trust(OTHER_ROLE, RoleTrust.only("arn:aws:iam::444455556666:user/broker"));

    try (StsRoleSessions sessions = sessions(Optional.empty(), Map.of(OTHER_ACCOUNT, other))) {
      assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Opened.class);
      assertThat(open(sessions, OTHER_ROLE, 1)).isInstanceOf(Result.Opened.class);
    }

    assertThat(here.sts.ledger().assumedRoles())
        .extracting(AssumedRole::caller)
        .containsExactly(StsFixture.USER, "arn:aws:iam::444455556666:user/broker");
    assertThat(meters.get(Meters.QUOTA_RATE).tag(Meters.ACCOUNT, OTHER_ACCOUNT).gauge().value())
        .isEqualTo(300);
  }

  @Test
  void asksTheOtherRegionWhileItsOwnFailsAndItsOwnAgainAfterHalfAMinute() throws Exception {
    here.sts.behaviour().failWith(QueryError.internalFailure());
    try (StsRoleSessions sessions = sessions(Optional.of(elsewhere.sts), Map.of())) {
      for (int call = 0; call < 3; call++) {
        assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Retryable.class);
      }
      assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Opened.class);
      assertThat(here.sts.ledger().assumeRoleCalls()).isEqualTo(3);
      assertThat(meters.get(Meters.STS_FAIL_OVER).counter().count()).isEqualTo(1);

      here.sts.behaviour().clear();
      later = Duration.ofSeconds(31);
      assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Opened.class);
      assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Opened.class);
      assertThat(here.sts.ledger().assumeRoleCalls()).isEqualTo(5);
      assertThat(elsewhere.sts.ledger().assumeRoleCalls()).isEqualTo(1);
    }
  }

  @Test
  void doesNotTakeThrottlingForAFailureOfTheRegion() throws Exception {
    here.sts.behaviour().failWith(QueryError.throttling());
    try (StsRoleSessions sessions = sessions(Optional.of(elsewhere.sts), Map.of())) {
      for (int call = 0; call < 5; call++) {
        assertThat(open(sessions, ROLE, 1)).isInstanceOf(Result.Retryable.class);
      }
    }
    assertThat(elsewhere.sts.ledger().assumeRoleCalls()).isZero();
  }

  @Test
  void learnsFromStsThatARoleAllowsNoLongerSessions() throws Exception {
    here.sts.trust(ROLE, RoleTrust.anyone().withMaxSession(Duration.ofHours(2)));
    try (StsRoleSessions sessions = sessions(Optional.empty(), Map.of())) {
      assertThat(open(sessions, ROLE, 12)).isInstanceOf(Result.Opened.class);
      assertThat(open(sessions, ROLE, 12)).isInstanceOf(Result.Opened.class);
      assertThat(open(sessions, OTHER_ROLE, 12)).isInstanceOf(Result.Opened.class);
    }

    assertThat(here.sts.ledger().assumedRoles())
        .extracting(AssumedRole::durationSeconds)
        .containsExactly(43_200, 3_600, 3_600, 43_200);
  }

  @Test
  void learnsOnceForAllRolesThatItRunsOnARoleItself() throws Exception {
    here.own = here.sts.issue("arn:aws:iam::111122223333:role/broker", "b1", Duration.ofHours(1));
    try (StsRoleSessions sessions = sessions(Optional.empty(), Map.of())) {
      assertThat(open(sessions, ROLE, 12)).isInstanceOf(Result.Opened.class);
      assertThat(open(sessions, ROLE + "-2", 12)).isInstanceOf(Result.Opened.class);
    }

    assertThat(here.sts.ledger().assumedRoles())
        .extracting(AssumedRole::durationSeconds)
        .containsExactly(43_200, 3_600, 3_600);
  }

  private StsRoleSessions sessions(
      Optional<StsStandIn> failOver, Map<String, SigningKey> accounts) {
    InstantSource clock = () -> Instant.now().plus(later);
    Map<String, Supplier<AwsCredentialsProvider>> identities = new HashMap<>();
    Map<String, Integer> quotas = new HashMap<>();
    identities.put(Quotas.USUAL, () -> StsFixture.credentials(here.own));
    quotas.put(Quotas.USUAL, 600);
    accounts.forEach(
        (account, key) -> {
          identities.put(account, () -> StsFixture.credentials(key));
          quotas.put(account, 300);
        });
    return new StsRoleSessions(
        new StsConnection(
            endpoint(here.sts),
            failOver.map(StsAccountsIT::endpoint),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            50),
        identities,
        new Quotas(quotas, 1, () -> 1, System::nanoTime, meters),
        clock,
        meters);
  }

  private static StsConnection.Endpoint endpoint(StsStandIn sts) {
    return new StsConnection.Endpoint("eu-central-1", Optional.of(sts.endpoint()));
  }

  private static Result open(StsRoleSessions sessions, String role, int hours) throws Exception {
    RoleSessions.Request request =
        new RoleSessions.Request(
            role, null, null, null, Map.of(), Map.of(), "shop.cart", Duration.ofHours(hours));
    return sessions.open(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
