package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.adapter.kafka.KafkaFixture;
import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.cli.ApiAccess;
import io.claviger.broker.cli.ExtensionsApi;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eks.model.EksException;

/** The API's extensions to EKS, with two brokers on one real log. */
@ExtendWith(KafkaFixture.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExtensionsApiIT {

  private static final RevokedSubject ROLE = RevokedSubject.parse("role:" + ApiRig.role("a+b"));
  private static final RevokedSubject POD = RevokedSubject.parse("pod:shop/cart-1");

  private final RunningKafka kafka;
  private ApiRig rig;
  private ApiMember one;
  private ApiMember other;
  private String cluster = "";

  ExtensionsApiIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start(@TempDir Path sealingKeys) {
    rig = new ApiRig(kafka, sealingKeys);
    one = rig.member("revoke-1");
    other = rig.member("revoke-2");
  }

  @BeforeEach
  void takeAnUnusedCluster() {
    cluster = rig.unusedCluster();
  }

  @AfterAll
  void stop() throws Exception {
    rig.close();
  }

  @Test
  void revokesAndListsAtEveryBrokerAndRestores() {
    Instant before = Instant.now().minusMillis(1);
    try (ExtensionsApi here = api(one, ApiRig.ADMIN);
        ExtensionsApi there = api(other, ApiRig.ADMIN)) {
      Revocation pod = here.revoke(POD);
      Revocation role = here.revoke(ROLE);

      assertThat(pod.subject()).isEqualTo(POD);
      assertThat(pod.actor()).isEqualTo("key/" + ApiRig.ADMIN);
      assertThat(pod.since()).isBetween(before, Instant.now());
      assertThat(there.list()).containsExactly(role, pod);
      assertThat(there.revoke(POD)).isEqualTo(pod);

      assertThat(there.restore(POD)).isEqualTo(pod);
      assertThat(here.list()).containsExactly(role);
      assertThat(here.restore(ROLE)).isEqualTo(role);
      assertThat(there.list()).isEmpty();
    }
  }

  @Test
  void refusesToRestoreWhatIsNotRevoked() {
    try (ExtensionsApi api = api(one, ApiRig.ADMIN)) {
      assertThatThrownBy(() -> api.restore(POD))
          .isInstanceOfSatisfying(
              EksException.class,
              refused -> {
                assertThat(refused.statusCode()).isEqualTo(404);
                assertThat(refused.awsErrorDetails().errorCode())
                    .isEqualTo("ResourceNotFoundException");
              });
    }
  }

  @Test
  void goesByGrants() {
    try (ExtensionsApi team = api(one, ApiRig.TEAM);
        ExtensionsApi nobody = api(one, ApiRig.NOBODY)) {
      assertThat(team.list()).isEmpty();
      assertThatThrownBy(() -> team.revoke(POD))
          .hasMessageContaining("has no grant with revoke: true for pod:shop/cart-1");
      assertThatThrownBy(nobody::list).hasMessageContaining("has no grant for cluster");
    }
  }

  @Test
  void bindsAClusterForWhoMayRevokeEverywhere() {
    try (ExtensionsApi admin = api(one, ApiRig.ADMIN);
        ExtensionsApi team = api(other, ApiRig.TEAM)) {
      assertThat(admin.bind("uid-1")).isEqualTo("uid-1");
      assertThat(admin.bind("uid-2")).isEqualTo("uid-2");
      assertThatThrownBy(() -> team.bind("uid-3"))
          .hasMessageContaining("has no grant with revoke: true for all of cluster");
    }
  }

  @Test
  void answersTheSameRequestTokenWithTheFirstAnswer() {
    RawApi raw = new RawApi(one.endpoint(), ApiRig.ADMIN);
    String path = "/clusters/" + cluster + "/revocations";
    String body = "{\"kind\":\"node\",\"name\":\"n1\",\"clientRequestToken\":\"t-1\"}";

    HttpResponse<String> first = raw.signed("POST", path, body);
    HttpResponse<String> again = raw.signed("POST", path, body);
    HttpResponse<String> differently = raw.signed("POST", path, body.replace("n1", "n2"));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(differently.headers().firstValue("x-amzn-ErrorType"))
        .contains("InvalidRequestException");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, '', '{\"kind\":\"house\",\"name\":\"n1\"}'",
    "POST, '', '{\"kind\":\"node\"}'",
    "POST, '', '{\"kind\":\"node\",\"name\":\"n1\",\"more\":1}'",
    "POST, '', '{\"kind\":\"workload\",\"name\":\"cart\"}'",
    "POST, '', '{\"kind\":\"role\",\"name\":\"cart\"}'",
    "DELETE, '?kind=node', ''",
    "DELETE, '?kind=house&name=n1', ''",
  })
  void refusesWhatTheContractDoesNotSay(String method, String query, String body) {
    HttpResponse<String> answer =
        new RawApi(one.endpoint(), ApiRig.ADMIN)
            .signed(method, "/clusters/" + cluster + "/revocations" + query, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType"))
        .contains("InvalidParameterException");
  }

  private ExtensionsApi api(ApiMember member, String name) {
    return new ApiAccess(
            member.endpoint(),
            cluster,
            ApiMember.REGION,
            Optional.empty(),
            StaticCredentialsProvider.create(ApiRig.credentials(name)))
        .connectToExtensions();
  }
}
