package io.claviger.broker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.doctor.Finding.Status;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AnswerCheckTest {

  private static AnswerCheck.Seen look(HttpGet.Answer answer) {
    return new AnswerCheck(Samples.CLOCK, Samples.REMEDIES).look(answer);
  }

  @ParameterizedTest
  @CsvSource({"PT50M, OK, good for 50 min", "PT10M, WARN, renewed", "-PT1S, FAIL, expired"})
  void credentialsAreAsGoodAsTheirLifeIsLong(Duration life, Status status, String fact) {
    AnswerCheck.Seen seen = look(Samples.answer(200, "", Samples.credentials(life)));

    assertThat(seen.finding().status()).isEqualTo(status);
    assertThat(seen.finding().fact()).contains("ASIAEXAMPLE", "123456789012", fact);
    assertThat(seen.toString()).doesNotContain("very-secret", "very-session");
  }

  @ParameterizedTest
  @CsvSource({"{}", "not json", "'{\"Expiration\":\"soon\"}'"})
  void anotherServersAnswerIsNone(String body) {
    assertThat(look(Samples.answer(200, "", body)).finding().status()).isEqualTo(Status.FAIL);
  }

  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void everyRefusalHasAFixOfItsOwn(RefusalReason reason) {
    Finding finding =
        look(Samples.answer(403, reason.name(), Samples.problem("Code", "what is wrong")))
            .finding();

    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.fact()).isEqualTo("Code: what is wrong");
    for (RefusalReason other : RefusalReason.values()) {
      if (other != reason) {
        assertThat(Samples.REMEDIES.of(403, other.name())).isNotEqualTo(finding.fix());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ASSOCIATION, create-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name one --namespace shop --service-account checkout",
    "ROLE_MISCONFIGURED, update-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name one --association-id",
    "ROLE_DENIED, --cluster-arn arn:aws:eks:eu-central-1:123456789012:cluster/one --namespace shop --service-account checkout",
    "ROLE_REVOKED, revoke --workload shop/checkout --undo",
    "WRONG_AUDIENCE, pods.eks.amazonaws.com"
  })
  void aFixHasWhatIsKnownFilledIn(RefusalReason reason, String part) {
    assertThat(Samples.REMEDIES.of(403, reason.name())).contains(part);
  }

  @ParameterizedTest
  @CsvSource({
    "403, link-local",
    "404, create-pod-identity-association",
    "503, --broker-management",
    "418, message"
  })
  void anAnswerWithoutReasonIsExplainedByItsStatus(int status, String part) {
    assertThat(look(Samples.answer(status, "", "")).finding().fix()).contains(part);
  }

  @Test
  void aReasonOfALaterVersionIsExplainedByItsStatus() {
    assertThat(Samples.REMEDIES.of(503, "NEW")).isEqualTo(Samples.REMEDIES.of(503, ""));
  }
}
