package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules for the objects of every overlay. */
final class K8sManifestsIT {

  private static final String OVERLAYS = "io.claviger.k8s.K8sOverlay#names";

  /** The init container that creates the link with the address for pods. */
  private static final String LINK = "link";

  /**
   * These tolerate the startup taint, because an edge waits for a broker, and a broker waits for
   * Kafka's log.
   */
  private static final Set<String> STARTS_FIRST =
      Set.of("claviger-edge", "claviger-broker", "kafka");

  @Test
  void aFieldThatDoesNotExistIsAnError() {
    assertThatThrownBy(
            () -> K8sModels.read("{apiVersion: v1, kind: Service, spec: {clusterIp: None}}"))
        .hasMessageContaining("clusterIp");
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void onlyTheContainerThatMakesTheLinkIsRootAndOnlyItChangesTheNetwork(String name) {
    for (PodSpec pod : K8sOverlay.render(name).pods().values()) {
      for (Container container : K8sOverlay.containers(pod)) {
        SecurityContext security = container.getSecurityContext();
        boolean link = container.getName().equals(LINK);
        assertThat(security.getPrivileged()).isNull();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd())
            .as(container.getName())
            .isEqualTo(
                switch (container.getName()) {
                  case LINK -> List.of("NET_ADMIN");
                  case "edge" -> List.of("NET_BIND_SERVICE");
                  default -> List.of();
                });
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(Boolean.FALSE.equals(security.getRunAsNonRoot())).isEqualTo(link);
        assertThat(Long.valueOf(0).equals(security.getRunAsUser())).isEqualTo(link);
      }
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
    }
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void programsRunAsUsersOfTheirOwnOnReadOnlyFileSystems(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    PodSpec edge = overlay.edge().getSpec().getTemplate().getSpec();
    PodSpec broker = overlay.broker().getSpec().getTemplate().getSpec();

    assertThat(edge.getSecurityContext().getRunAsUser())
        .isNotEqualTo(broker.getSecurityContext().getRunAsUser())
        .isNotEqualTo(65532L);
    assertThat(Stream.of(edge, broker).flatMap(pod -> K8sOverlay.containers(pod).stream()).toList())
        .allMatch(one -> one.getSecurityContext().getReadOnlyRootFilesystem());
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void anEdgeIsReplacedByOneBesideItOnEveryNode(String name) {
    DaemonSet edge = K8sOverlay.render(name).edge();
    PodSpec pod = edge.getSpec().getTemplate().getSpec();

    assertThat(edge.getSpec().getUpdateStrategy().getRollingUpdate().getMaxSurge().getIntVal())
        .isEqualTo(1);
    assertThat(
            edge.getSpec().getUpdateStrategy().getRollingUpdate().getMaxUnavailable().getIntVal())
        .isZero();
    // An edge without brokers listens after at most 5 s.
    assertThat(edge.getSpec().getMinReadySeconds()).isGreaterThan(5);
    assertThat(K8sOverlay.containers(pod)).allMatch(one -> one.getPorts().isEmpty());
    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(pod.getPriorityClassName()).isEqualTo("system-node-critical");
    assertThat(pod.getTolerations())
        .anyMatch(one -> "Exists".equals(one.getOperator()) && one.getKey() == null);
    // The maximum time to end: handover-pause, twice drain, 5 s.
    assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(16);
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void everyContainerHasAPinnedImageAndBounds(String name) {
    for (PodSpec pod : K8sOverlay.render(name).pods().values()) {
      for (Container container : K8sOverlay.containers(pod)) {
        assertThat(container.getImage()).matches(".+(:[^:/]+|@sha256:[0-9a-f]{64})");
        assertThat(container.getImage()).doesNotEndWith(":latest");
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsKey("memory");
      }
      assertThat(pod.getContainers())
          .allMatch(
              one ->
                  one.getStartupProbe() != null
                      && one.getLivenessProbe() != null
                      && one.getReadinessProbe() != null);
    }
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void nobodyMayDoAnythingByAWildcardOrReadASecret(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    List<PolicyRule> rules =
        Stream.concat(
                overlay.all(ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
                overlay.all(Role.class).stream().flatMap(role -> role.getRules().stream()))
            .toList();

    assertThat(rules).isNotEmpty();
    assertThat(rules)
        .noneMatch(
            rule ->
                rule.getVerbs().contains("*")
                    || rule.getResources().contains("*")
                    || rule.getApiGroups().contains("*")
                    || rule.getResources().contains("secrets"));
  }

  @ParameterizedTest
  @MethodSource("io.claviger.k8s.K8sOverlay#overlays")
  void whatEdgesWaitForStartsOnNodesThatTheyHaveNotFreedYet(String name) {
    K8sOverlay overlay = K8sOverlay.render(name, "startup-taint");
    Map<String, PodSpec> pods = new HashMap<>(overlay.pods());
    String taint = K8sSettings.ofEdge(overlay).kubernetes().startupTaint().orElseThrow();

    assertThat(pods).containsKeys("claviger-broker", "claviger-edge");
    pods.keySet().retainAll(STARTS_FIRST);
    assertThat(pods)
        .allSatisfy(
            (workload, pod) ->
                assertThat(pod.getTolerations())
                    .as(workload)
                    .anyMatch(
                        one ->
                            "Exists".equals(one.getOperator())
                                && (one.getKey() == null || one.getKey().equals(taint))
                                && one.getEffect() == null));
  }

  @Test
  void anEdgeWithTheStartupTaintMayWriteEventsWhereThoseOfNodesAreAndNowhereElse() {
    K8sOverlay overlay = K8sOverlay.render("minimal", "startup-taint");
    Role role =
        overlay.all(Role.class).stream()
            .filter(one -> one.getMetadata().getName().equals("claviger-edge-startup-taint"))
            .findFirst()
            .orElseThrow();

    assertThat(role.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(role.getRules()).hasSize(1);
    assertThat(role.getRules().getFirst().getResources()).containsExactly("events");
    assertThat(role.getRules().getFirst().getVerbs()).containsExactly("create");
    assertThat(overlay.only(ClusterRole.class, "claviger-edge-startup-taint").getRules())
        .noneMatch(rule -> rule.getResources().contains("events"));
  }
}
