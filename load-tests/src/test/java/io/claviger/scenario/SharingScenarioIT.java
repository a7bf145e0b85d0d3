package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import io.claviger.stsfake.AssumedRole;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that may share an STS session share one; all others get their own. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class SharingScenarioIT {

  private final FetchingClient sdk = new SdkClient();

  @Test
  void twoHundredPodsOfOneServiceAccountShareOneSession(ScenarioMesh mesh) {
    mesh.associate("one", "web", "one-web", Map.of());
    List<PodEnvironment> pods =
        IntStream.range(0, 200)
            .mapToObj(i -> mesh.pod(edge(mesh, i), "one", "web", "web-" + i))
            .toList();

    List<Fetch> fetched = ScenarioMesh.atOnce(200, i -> sdk.fetch(pods.get(i)));

    assertThat(fetched).allSatisfy(fetch -> assertThat(fetch).isInstanceOf(Fetch.Got.class));
    assertThat(fetched.stream().map(SharingScenarioIT::secrets).collect(Collectors.toSet()))
        .hasSize(1);
    assertThat(mesh.sts().ledger().assumeRoleCalls(ScenarioMesh.role("one-web")))
        .as(() -> mesh.takeovers())
        .isEqualTo(1);
  }

  @Test
  void fiftyServiceAccountsOfFourPodsMakeFiftySessions(ScenarioMesh mesh) {
    mesh.associate(
        IntStream.range(0, 50)
            .mapToObj(i -> ScenarioMesh.document("fifty", "sa-" + i, "fifty-" + i, Map.of()))
            .toList());
    List<String> tokens =
        IntStream.range(0, 200)
            .mapToObj(i -> mesh.token(edge(mesh, i / 50), "fifty", "sa-" + i % 50, "pod-" + i))
            .toList();

    // Plain requests, because two hundred SDKs at once would leave the brokers no CPU time.
    List<Answer> answers =
        ScenarioMesh.atOnce(200, i -> mesh.askUntilIssued(edge(mesh, i / 50), tokens.get(i)));

    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(mesh.sts().ledger().callsByRole()).as(() -> mesh.takeovers()).hasSize(50);
    assertThat(mesh.sts().ledger().callsByRole().values())
        .as(() -> mesh.takeovers())
        .containsOnly(1L);
  }

  @Test
  void podsOfTheScopePodGetASessionEachWithTheSixTags(ScenarioMesh mesh) {
    mesh.associate("each", "job", "each-job", Map.of("claviger.io/tag-scope", "pod"));
    List<PodEnvironment> pods =
        IntStream.range(0, 10)
            .mapToObj(i -> mesh.pod(edge(mesh, i), "each", "job", "job-" + i))
            .toList();

    List<Fetch> fetched = ScenarioMesh.atOnce(10, i -> sdk.fetch(pods.get(i)));

    assertThat(fetched.stream().map(SharingScenarioIT::secrets).collect(Collectors.toSet()))
        .hasSize(10);
    List<AssumedRole> sessions = mesh.sts().ledger().assumedRoles(ScenarioMesh.role("each-job"));
    assertThat(sessions).hasSize(10);
    assertThat(sessions)
        .allSatisfy(
            session -> {
              assertThat(session.tags().keySet())
                  .isEqualTo(
                      Set.of(
                          "eks-cluster-arn",
                          "eks-cluster-name",
                          "kubernetes-namespace",
                          "kubernetes-service-account",
                          "kubernetes-pod-name",
                          "kubernetes-pod-uid"));
              assertThat(session.transitiveTagKeys())
                  .containsExactlyInAnyOrderElementsOf(session.tags().keySet());
            });
  }

  private static EdgeMember edge(ScenarioMesh mesh, int index) {
    return mesh.mesh().edge(1 + index % 2);
  }

  private static List<String> secrets(Fetch fetch) {
    Fetch.Got got = (Fetch.Got) fetch;
    return List.of(got.accessKeyId(), got.secretAccessKey(), got.sessionToken());
  }
}
