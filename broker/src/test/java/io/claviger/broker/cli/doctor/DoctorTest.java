package io.claviger.broker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.broker.cli.doctor.Finding.Status;
import io.claviger.broker.telemetry.Meters;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoctorTest {

  private static final String TOKEN = Samples.token(Samples.CLAIMS);

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              EnvironmentCheck.URI,
              "http://169.254.170.23/v1/credentials",
              EnvironmentCheck.TOKEN_FILE,
              "/token",
              "AWS_REGION",
              "eu-central-1",
              "CLAVIGER_CLUSTER",
              "one",
              "CLAVIGER_ACCOUNT",
              "123456789012"));
  private final Map<String, String> files =
      new HashMap<>(Map.of("/token", TOKEN, "/proc/sys/net/ipv4/tcp_migrate_req", "1\n"));
  private HttpGet.Answer credentials =
      Samples.answer(200, "", Samples.credentials(Duration.ofMinutes(50)));
  private HttpGet.Answer readiness = Samples.answer(200, "", "ready\n");
  private String calls = sts("own-credentials", 0);
  private AssociationSource associations = (namespace, serviceAccount) -> Optional.of("arn:role");
  private Identity identity = (id, secret, token) -> "arn:session";
  private boolean metadata;

  private Doctor doctor() {
    return new Doctor(
        environment,
        new Doctor.Options(
            Samples.AUDIENCE,
            Optional.of(URI.create("http://broker:2706")),
            Optional.of(associations),
            Optional.of(identity)),
        Samples.files(files),
        this::answer,
        (host, port, within) -> metadata,
        Samples.CLOCK);
  }

  private HttpGet.Answer answer(URI uri, String authorization) {
    if (uri.getPath().equals("/readyz")) {
      assertThat(authorization).isEmpty();
      return readiness;
    }
    if (uri.getPath().equals("/metrics")) {
      return Samples.answer(200, "", "# TYPE\n" + calls + "\n");
    }
    assertThat(authorization).isEqualTo(TOKEN);
    return credentials;
  }

  private static Finding only(List<Finding> findings, Status status) {
    assertThat(findings).filteredOn(found -> found.status() == status).hasSize(1);
    return findings.stream().filter(found -> found.status() == status).findFirst().orElseThrow();
  }

  @Test
  void everythingIsGoodWhereItIs() {
    List<Finding> findings = doctor().asPod();

    assertThat(findings).allSatisfy(found -> assertThat(found.status()).isEqualTo(Status.OK));
    assertThat(findings.stream().map(Finding::check).distinct())
        .containsExactly(
            "environment",
            "default chain",
            "token file",
            "token life",
            "audience",
            "issuer",
            "node claim",
            "endpoint",
            "credentials",
            "STS",
            "broker",
            "other brokers",
            "broker identity",
            "association",
            "tcp_migrate_req",
            "instance metadata");
  }

  @Test
  void nothingThatIsSaidHoldsASecret() {
    String all = doctor().asPod().toString();

    assertThat(all).doesNotContain("very-secret", "very-session", TOKEN);
  }

  @Test
  void withoutATokenWhatNeedsItIsSkipped() {
    environment.remove(EnvironmentCheck.TOKEN_FILE);

    assertThat(doctor().asPod())
        .filteredOn(found -> found.status() == Status.SKIP)
        .extracting(Finding::check)
        .containsExactly("token file", "association");
  }

  @Test
  void aRefusalNamesTheCommandWithTheClusterFilledIn() {
    credentials =
        Samples.answer(403, "ROLE_DENIED", Samples.problem("AccessDeniedException", "no"));

    assertThat(only(doctor().asPod(), Status.FAIL).fix())
        .contains("--cluster-arn arn:aws:eks:eu-central-1:123456789012:cluster/one");
  }

  @Test
  void whatIsNoUrlIsNotAsked() {
    environment.put(EnvironmentCheck.URI, "http://not a url");

    assertThat(only(doctor().asPod(), Status.FAIL).check()).isEqualTo("endpoint");
  }

  @ParameterizedTest
  @CsvSource({
    "own identity, docs/own-identity.md",
    "association table, Kafka",
    "issuer keys, jwks",
    "other brokers, peers",
    "something new, docs/operations.md"
  })
  void whatABrokerMissesHasAFix(String condition, String fix) {
    readiness = Samples.answer(503, "", "not ready: " + condition + "\n");

    assertThat(only(doctor().about("shop", "checkout"), Status.FAIL))
        .satisfies(
            found -> {
              assertThat(found.fact()).isEqualTo("not ready: " + condition);
              assertThat(found.fix()).contains(fix);
            });
  }

  @Test
  void allThatABrokerMissesIsNamed() {
    readiness = Samples.answer(503, "", "not ready: own identity, issuer keys\n");

    assertThat(doctor().about("shop", "checkout"))
        .filteredOn(f -> f.status() == Status.FAIL)
        .hasSize(2);
  }

  private static String sts(String result, double longest) {
    return "%s_seconds_max{result=\"%s\"} %s"
        .formatted(Meters.STS_CALLS.replace('.', '_'), result, longest);
  }

  @ParameterizedTest
  @CsvSource({"own-credentials, 0.2, FAIL", "throttled, 0.2, WARN", "denied, 0.2, OK"})
  void howStsTakesABrokerThatIsReadyIsSaid(String result, double longest, Status status) {
    calls = sts(result, longest);

    assertThat(doctor().about("shop", "checkout"))
        .filteredOn(found -> found.check().equals("broker identity"))
        .extracting(Finding::status)
        .containsExactly(status);
  }

  @ParameterizedTest
  @CsvSource({"0.0, OK", "2.0, WARN"})
  void whetherABrokerThatIsReadyHasFoundTheOthersIsSaid(String unreached, Status status) {
    calls = "%s{state=\"unreached\"} %s".formatted(Meters.PEERS.replace('.', '_'), unreached);

    assertThat(doctor().about("shop", "checkout"))
        .filteredOn(found -> found.check().equals("other brokers"))
        .extracting(Finding::status)
        .containsExactly(status);
  }

  @Test
  void aServiceAccountWithoutAssociationGetsTheCommandThatMakesOne() {
    associations = (namespace, serviceAccount) -> Optional.empty();

    assertThat(only(doctor().about("shop", "cart"), Status.FAIL).fix())
        .isEqualTo(
            "aws eks create-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name one --namespace shop --service-account cart"
                + " --role-arn ROLE_ARN");
  }

  @Test
  void whatTheApiOrStsSaysIsRepeated() {
    associations =
        (namespace, serviceAccount) -> {
          throw new IOException("no grant");
        };
    identity =
        (id, secret, token) -> {
          throw new IOException("InvalidClientTokenId");
        };

    assertThat(doctor().asPod())
        .filteredOn(found -> found.status() == Status.FAIL)
        .extracting(Finding::fact)
        .containsExactly("InvalidClientTokenId", "the API returned: no grant");
  }

  @Test
  void theNodesSetUpIsAWarningOnly() {
    files.put("/proc/sys/net/ipv4/tcp_migrate_req", "0\n");
    metadata = true;

    assertThat(doctor().asPod())
        .filteredOn(found -> found.status() != Status.OK)
        .extracting(Finding::check, Finding::status)
        .containsExactly(
            tuple("tcp_migrate_req", Status.WARN), tuple("instance metadata", Status.WARN));
    files.remove("/proc/sys/net/ipv4/tcp_migrate_req");
    assertThat(only(doctor().asPod(), Status.SKIP).check()).isEqualTo("tcp_migrate_req");
  }
}
