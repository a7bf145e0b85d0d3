package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.stsfake.QueryError;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * STS's error codes, and the resulting answer to the pod, event, meter and later calls. Uses the
 * real protocol and the whole of issuance.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsErrorsIT {

  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";

  private StsFixture fixture;
  private OneBroker broker;

  @BeforeAll
  void connect() throws Exception {
    fixture = new StsFixture();
  }

  @BeforeEach
  void open() {
    fixture.sts.reset();
    broker = new OneBroker(fixture.roleSessions, fixture.quotas);
    broker.associate("cart", 1, ROLE);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @AfterAll
  void disconnect() throws Exception {
    fixture.close();
  }

  /**
   * Attempts: STS calls for one request, and additional ones for a request that follows at once.
   */
  @ParameterizedTest
  @CsvSource({
    "AccessDenied,            403, ROLE_DENIED,        ROLE_DENIED,        denied,          1, 0",
    "MalformedPolicyDocument, 400, ROLE_MISCONFIGURED, ROLE_MISCONFIGURED, misconfigured,   1, 0",
    "PackedPolicyTooLarge,    400, ROLE_MISCONFIGURED, ROLE_MISCONFIGURED, misconfigured,   1, 0",
    "ValidationError,         400, ROLE_MISCONFIGURED, ROLE_MISCONFIGURED, misconfigured,   1, 0",
    "RegionDisabledException, 403, ROLE_MISCONFIGURED, ROLE_MISCONFIGURED, misconfigured,   1, 0",
    "ExpiredToken,            403, unavailable,        OWN_CREDENTIALS,    own-credentials, 2, 0",
    "InvalidClientTokenId,    403, unavailable,        OWN_CREDENTIALS,    own-credentials, 2, 0",
    "IDPCommunicationError,   400, unavailable,        FAILING,            retryable,         3, 0",
    "InternalFailure,         500, unavailable,        FAILING,            retryable,         3, 0",
    "ServiceUnavailable,      503, unavailable,        FAILING,            retryable,         3, 0",
  })
  void answerTellCountAndRememberEachOfStsErrors(
      String code, int status, String answer, String reason, String meter, int tries, int more)
      throws Exception {
    long before = count(meter);
    fixture.sts.behaviour().failWith(new QueryError(code, status, "STS says so"));

    IssueOutcome outcome = broker.issue("cart").get(10, TimeUnit.SECONDS);
    broker.issue("cart").get(10, TimeUnit.SECONDS);

    assertThat(named(outcome)).isEqualTo(answer);
    assertThat(fixture.sts.ledger().assumeRoleCalls()).isEqualTo(tries + more);
    assertThat(broker.events).hasSize(1);
    CredentialEvent event = broker.events.getFirst();
    assertThat(event.reason()).isEqualTo(reason);
    assertThat(event.type())
        .isEqualTo(
            outcome instanceof IssueOutcome.Refused
                ? CredentialEvent.Type.REFUSED
                : CredentialEvent.Type.FAILED);
    assertThat(count(meter) - before).isPositive();

    fixture.sts.behaviour().clear();
    broker.associate("cart", 2, ROLE);
    assertThat(named(broker.issue("cart").get(10, TimeUnit.SECONDS)))
        .as("a change drops what was remembered")
        .isEqualTo("issued");
  }

  @ParameterizedTest
  @CsvSource({"Throttling, 400, throttled", "InternalFailure, 500, retryable"})
  void areNotSeenByThePodWhenTheyPass(String code, int status, String meter) throws Exception {
    long before = count(meter);
    fixture.sts.behaviour().failNext(2, new QueryError(code, status, "STS says so"));

    assertThat(named(broker.issue("cart").get(10, TimeUnit.SECONDS))).isEqualTo("issued");
    assertThat(fixture.sts.ledger().assumeRoleCalls()).isEqualTo(3);
    assertThat(count(meter) - before).isEqualTo(2);
    assertThat(broker.events)
        .extracting(CredentialEvent::type)
        .containsExactly(CredentialEvent.Type.ISSUED);
  }

  @Test
  void nameTheAssociationWhosePolicyAndTagsAreTooLarge() throws Exception {
    fixture
        .sts
        .behaviour()
        .failWith(new QueryError("PackedPolicyTooLarge", 400, "Packed size is 130%"));

    assertThat(broker.issue("cart").get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused ->
                assertThat(refused.message())
                    .contains("PackedPolicyTooLarge", "130%", "a-cart of shop/cart"));
  }

  private long count(String result) {
    Timer timer = fixture.meters.find(Meters.STS_CALLS).tag(Meters.RESULT, result).timer();
    return timer == null ? 0 : timer.count();
  }

  private static String named(IssueOutcome outcome) {
    return switch (outcome) {
      case IssueOutcome.Issued issued -> "issued";
      case IssueOutcome.Refused refused -> refused.reason().name();
      case IssueOutcome.Unavailable unavailable -> "unavailable";
    };
  }
}
