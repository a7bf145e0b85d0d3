package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {

  private static final Map<String, String> SHELL =
      Map.of(
          "PATH", "/bin",
          "AWS_PROFILE", "mine",
          "AWS_ACCESS_KEY_ID", "AKIA",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/",
          "AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1",
          "CLAVIGER_BROKER_NAME", "other",
          "https_proxy", "http://proxy",
          "HTTP_PROXY", "http://proxy",
          "JAVA_TOOL_OPTIONS", "-javaagent:x",
          "CLASSPATH", "x");

  @Test
  void membersGetNothingOfTheShellsCredentialsSettingsAndProxies() {
    assertThat(Environment.clean(SHELL)).containsOnlyKeys("PATH");
  }

  @Test
  void membersThatCallAwsGetTheShellsCredentialsButNoPods() {
    assertThat(Environment.cleanForAws(SHELL))
        .containsOnlyKeys("PATH", "AWS_PROFILE", "AWS_ACCESS_KEY_ID");
  }
}
