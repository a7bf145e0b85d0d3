package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.MeshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two versions in one mesh, as during an upgrade. {@code -Dclaviger.other.build=DIR} names a built
 * checkout of the other version.
 */
@Tag("alone")
@Tag("long")
final class SkewScenarioIT {

  private static final String OTHER = System.getProperty("claviger.other.build", "");
  private static final int SERVICE_ACCOUNTS = 10;
  private static final Duration WITHIN = Duration.ofSeconds(1);

  static Stream<Arguments> arrangements() {
    return Stream.of(
        arguments("brokers of the other version", of("broker")),
        arguments("edges of the other version", of("node-edge")),
        arguments("one broker and one edge of the other version", of("broker-1", "node-1")));
  }

  private static UnaryOperator<MeshOptions> of(String... members) {
    return options -> {
      MeshOptions mixed = options;
      for (String member : members) {
        mixed = mixed.withBuild(member, Path.of(OTHER).toAbsolutePath());
      }
      return mixed;
    };
  }

  @BeforeEach
  void needTheOther() {
    assumeFalse(OTHER.isEmpty(), "not run: claviger.other.build names no other build");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("arrangements")
  void podsShareSessionsAndChangesArrive(String name, UnaryOperator<MeshOptions> arrangement) {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 2, arrangement);
        Eks eks = new Eks(mesh)) {
      mesh.warmUp();
      for (int i = 0; i < SERVICE_ACCOUNTS; i++) {
        String account = "sa-" + i;
        String id = eks.create(mesh.mesh().broker(1 + i % 2), "skew", account).associationId();
        String before = sharedKey(mesh, account);

        eks.of(mesh.mesh().broker(2 - i % 2))
            .updatePodIdentityAssociation(
                request ->
                    request
                        .clusterName(eks.cluster())
                        .associationId(id)
                        .roleArn(ScenarioMesh.role("other-" + account)));

        for (EdgeMember edge : mesh.mesh().edges()) {
          await(edge.node()).atMost(WITHIN).until(() -> !ask(mesh, edge, account).equals(before));
        }
        sharedKey(mesh, account);
      }
      ScenarioMesh.figure(
          "skew", name + ": " + SERVICE_ACCOUNTS + " associations created and changed");
      assertThat(mesh.sts().ledger().callsByRole())
          .containsAllEntriesOf(Map.of(ScenarioMesh.role("other-sa-0"), 1L));
    }
  }

  /** The access key that a service account's pods share on both nodes. */
  private static String sharedKey(ScenarioMesh mesh, String account) {
    String one = ask(mesh, mesh.mesh().edge(1), account);
    assertThat(ask(mesh, mesh.mesh().edge(2), account)).isEqualTo(one);
    return one;
  }

  private static String ask(ScenarioMesh mesh, EdgeMember edge, String account) {
    return mesh.askUntilIssued(edge, mesh.token(edge, "skew", account, account + "-0"))
        .accessKeyId();
  }
}
