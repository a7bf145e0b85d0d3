package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.cli.ApiAccess;
import io.claviger.broker.cli.ExtensionsApi;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.PodWatch.Watched;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Every edge rejects a revoked subject within a second and serves all others. A lifted revocation
 * takes effect as fast.
 */
@Tag("alone")
@ExtendWith(FaultMesh.class)
@Tag("long")
final class RevocationScenarioIT {

  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String REVOKED = "revoked";
  private static final String OTHER = "other";
  private static final int ISSUED = 200;
  private static final int REFUSED = 403;

  private final ScenarioMesh mesh;

  RevocationScenarioIT(ScenarioMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aRoleIsRevokedForEveryServiceAccountThatHasIt() {
    run(
        Kind.ROLE,
        ScenarioMesh.role("role-" + REVOKED),
        Map.of(),
        pod -> pod.serviceAccount().equals(REVOKED));
  }

  @Test
  void aWorkloadIsRevokedForEveryPodOfIt() {
    run(
        Kind.WORKLOAD,
        "workload/" + REVOKED,
        Map.of(),
        pod -> pod.serviceAccount().equals(REVOKED));
  }

  @Test
  void aNodeGetsNothingWhileOthersOfTheServiceAccountGoOn() {
    String node = mesh.mesh().edge(1).node();
    run(Kind.NODE, node, Map.of(), pod -> pod.edge().node().equals(node));
  }

  @Test
  void aPodGetsNothingWhileOthersThatShareItsSessionGoOn() {
    run(Kind.POD, "pod/" + REVOKED + "-1-1", Map.of(), pod -> pod.name().equals(REVOKED + "-1-1"));
  }

  @Test
  void aPodThatHasASessionOfItsOwnGetsNothing() {
    run(
        Kind.POD,
        "pod-scope/" + REVOKED + "-1-1",
        "pod-scope",
        Map.of("claviger.io/tag-scope", "pod"),
        pod -> pod.name().equals(REVOKED + "-1-1"));
  }

  @Test
  void aBrokerThatJoinsLaterAndAnEdgeThatConnectsAnewObey() {
    String namespace = "later";
    List<Watched> pods = pods(namespace, Map.of());
    Watched pod = pods.getFirst();
    Watched neighbour = pods.get(1);
    assertThat(pods).allMatch(one -> mesh.askUntilIssued(one.edge(), one.token()).status() == 200);
    RevokedSubject subject = new RevokedSubject(Kind.POD, namespace + "/" + pod.name());
    try (ExtensionsApi api = api(mesh.mesh().broker(1))) {
      api.revoke(subject);
    }

    mesh.mesh().broker(2).member().restart(TIMEOUT);
    mesh.mesh().broker(1).member().stop(TIMEOUT);
    settle(neighbour);
    assertThat(mesh.ask(pod.edge(), pod.token()).status()).isEqualTo(REFUSED);
    mesh.mesh().edge(1).member().restart(TIMEOUT);
    settle(neighbour);
    assertThat(mesh.ask(pod.edge(), pod.token()).status()).isEqualTo(REFUSED);

    try (ExtensionsApi api = api(mesh.mesh().broker(2))) {
      api.restore(subject);
    }
    await().atMost(PROMISED).until(() -> mesh.ask(pod.edge(), pod.token()).status() == ISSUED);
    mesh.mesh().broker(1).member().start();
    mesh.mesh().broker(1).member().awaitReady(TIMEOUT);
  }

  private void settle(Watched pod) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                mesh.ask(pod.edge(), pod.token()).status() == ISSUED
                    && mesh.metric(pod.edge().metrics(), "claviger_edge_upstream_connections") > 0);
  }

  private void run(Kind kind, String name, Map<String, String> tags, Predicate<Watched> affected) {
    run(kind, name, kind.text(), tags, affected);
  }

  private void run(
      Kind kind,
      String name,
      String namespace,
      Map<String, String> tags,
      Predicate<Watched> affected) {
    RevokedSubject subject = new RevokedSubject(kind, name);
    Predicate<Watched> others = affected.negate();
    try (ExtensionsApi api = api(mesh.mesh().broker(1));
        PodWatch watch = new PodWatch(mesh, pods(namespace, tags))) {
      long begin = System.nanoTime();
      reached(watch, pod -> true, ISSUED, begin);
      long before = System.nanoTime();

      api.revoke(subject);
      long revoked = System.nanoTime();
      reached(watch, affected, REFUSED, revoked);
      reached(watch, others, ISSUED, System.nanoTime());
      double late = watch.last(affected, ISSUED, revoked);

      api.restore(subject);
      long restored = System.nanoTime();
      reached(watch, affected, ISSUED, restored);
      reached(watch, pod -> true, ISSUED, System.nanoTime());
      double back = watch.last(affected, REFUSED, restored);

      ScenarioMesh.figure(
          "revocation " + namespace,
          "last answer after revoking %.0f ms, last refusal after restoring %.0f ms, %d answers"
              .formatted(late, back, watch.since(begin).size()));
      assertThat(late).isLessThan(PROMISED.toMillis());
      assertThat(back).isLessThan(PROMISED.toMillis());
      assertThat(watch.since(before))
          .filteredOn(one -> others.test(one.pod()))
          .allMatch(one -> one.status() == ISSUED);
    }
  }

  private static void reached(PodWatch watch, Predicate<Watched> which, int status, long since) {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> watch.all(which, status, since));
  }

  /** Two service accounts with two pods each on each node. */
  private List<Watched> pods(String namespace, Map<String, String> tags) {
    List<Watched> pods = new ArrayList<>();
    for (String serviceAccount : List.of(REVOKED, OTHER)) {
      mesh.associate(namespace, serviceAccount, namespace + "-" + serviceAccount, tags);
      int node = 0;
      for (EdgeMember edge : mesh.mesh().edges()) {
        node++;
        for (int number = 1; number <= 2; number++) {
          String pod = serviceAccount + "-" + node + "-" + number;
          pods.add(
              new Watched(
                  serviceAccount, pod, edge, mesh.token(edge, namespace, serviceAccount, pod)));
        }
      }
    }
    return pods;
  }

  private ExtensionsApi api(BrokerMember broker) {
    var key = AwsBasicCredentials.create(mesh.mesh().admin().id(), mesh.mesh().admin().secret());
    return new ApiAccess(
            broker.endpoint(),
            mesh.mesh().options().cluster().name(),
            mesh.mesh().options().cluster().region(),
            Optional.empty(),
            StaticCredentialsProvider.create(key))
        .connectToExtensions();
  }
}
