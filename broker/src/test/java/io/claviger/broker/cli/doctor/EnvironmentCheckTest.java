package io.claviger.broker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentCheckTest {

  private static final Map<String, String> GOOD =
      Map.of(
          EnvironmentCheck.URI,
          "http://169.254.170.23/v1/credentials",
          EnvironmentCheck.TOKEN_FILE,
          "/token",
          "AWS_REGION",
          "eu-central-1",
          "HOME",
          "/home/pod");

  private static List<Finding> look(Map<String, String> environment, String... files) {
    return new EnvironmentCheck(environment, file -> List.of(files).contains(file.toString()))
        .look();
  }

  private static Map<String, String> with(String variable, String value) {
    Map<String, String> environment = new HashMap<>(GOOD);
    environment.put(variable, value);
    return environment;
  }

  @Test
  void aPodsEnvironmentIsGood() {
    assertThat(look(GOOD))
        .hasSize(3)
        .allSatisfy(finding -> assertThat(finding.status()).isEqualTo(Finding.Status.OK));
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_CONTAINER_CREDENTIALS_FULL_URI, '', FAIL, environment",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, '', FAIL, environment",
    "AWS_REGION, '', WARN, environment",
    "AWS_ACCESS_KEY_ID, AKIDEXAMPLE, FAIL, default chain",
    "AWS_WEB_IDENTITY_TOKEN_FILE, /irsa, FAIL, default chain",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, /x, FAIL, default chain",
    "AWS_PROFILE, mine, WARN, default chain"
  })
  void whatLeadsElsewhereIsNamedAndHasAFix(
      String variable, String value, Finding.Status status, String check) {
    assertThat(look(with(variable, value)))
        .filteredOn(finding -> finding.status() != Finding.Status.OK)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.status()).isEqualTo(status);
              assertThat(finding.check()).isEqualTo(check);
              assertThat(finding.fact()).contains(variable).doesNotContain("AKIDEXAMPLE");
              assertThat(finding.fix()).isNotBlank();
            });
  }

  @ParameterizedTest
  @CsvSource({"'', /home/pod/.aws/credentials", "/elsewhere, /elsewhere"})
  void aCredentialsFileComesFirst(String named, String file) {
    assertThat(look(with("AWS_SHARED_CREDENTIALS_FILE", named), file))
        .filteredOn(finding -> finding.status() == Finding.Status.WARN)
        .singleElement()
        .satisfies(finding -> assertThat(finding.fact()).contains(file));
  }
}
