package io.claviger.config.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiServerClientTest {

  @Test
  void isWhereKubernetesTellsContainersThatItIs() {
    assertThat(ApiServerClient.fromEnvironment(environment("10.96.0.1", "443")))
        .hasToString("https://10.96.0.1:443");
    assertThat(ApiServerClient.fromEnvironment(environment("fd00::1", "6443")))
        .hasToString("https://[fd00::1]:6443");
  }

  @Test
  void isAtItsUsualNameWithoutVariables() {
    assertThat(ApiServerClient.fromEnvironment(Map.of()))
        .hasToString("https://kubernetes.default.svc");
  }

  private static Map<String, String> environment(String host, String port) {
    return Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);
  }
}
