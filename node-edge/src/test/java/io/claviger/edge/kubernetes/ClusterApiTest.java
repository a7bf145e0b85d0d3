package io.claviger.edge.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterApiTest {

  @Test
  void isWhereKubernetesTellsContainersThatItIs() {
    assertThat(ClusterApi.toldTo(told("10.96.0.1", "443"))).hasToString("https://10.96.0.1:443");
    assertThat(ClusterApi.toldTo(told("fd00::1", "6443"))).hasToString("https://[fd00::1]:6443");
  }

  @Test
  void isAtItsUsualNameForAContainerThatIsToldNothing() {
    assertThat(ClusterApi.toldTo(Map.of())).hasToString("https://kubernetes.default.svc");
  }

  private static Map<String, String> told(String host, String port) {
    return Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);
  }
}
