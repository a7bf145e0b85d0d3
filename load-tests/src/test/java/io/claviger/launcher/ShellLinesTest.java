package io.claviger.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.launcher.kube.ApiKey;
import io.claviger.launcher.kube.KubeBrokers;
import io.claviger.localmesh.ClusterFacts;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshState;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShellLinesTest {

  private static final URI EDGE = URI.create("http://127.0.0.1:8080/v1/credentials");
  private static final URI EKS = URI.create("https://127.0.0.1:9443");

  @Test
  void podHasOnlyTheEdgeAsItsSource() {
    assertThat(ShellLines.pod(mesh(URI.create("http://127.0.0.1:9000"), EDGE, null)))
        .containsExactly(
            "export AWS_CONTAINER_CREDENTIALS_FULL_URI='http://127.0.0.1:8080/v1/credentials'",
            "export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE='/mesh of ours/it'\\''s a token'",
            "export AWS_ENDPOINT_URL_STS='http://127.0.0.1:9000'",
            "export AWS_REGION='eu-central-1'",
            "export AWS_DEFAULT_REGION='eu-central-1'",
            "export CLAVIGER_CLUSTER='local'",
            "export CLAVIGER_ACCOUNT='123456789012'",
            "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE",
            "unset AWS_ENDPOINT_URL_EKS AWS_ENDPOINT_URL_EKS_AUTH CLAVIGER_KAFKA");
  }

  @Test
  void podOfAMeshOnAwsForgetsAnEarlierMeshsStandIn() {
    assertThat(ShellLines.pod(mesh(null, EDGE, null))).contains("unset AWS_ENDPOINT_URL_STS");
  }

  @Test
  void podHasToWaitUntilTheMeshIsReady() {
    assertThatThrownBy(() -> ShellLines.pod(mesh(null, null, null)))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("not ready");
  }

  @Test
  void operatorHasTheAdminKeyAndNoPodsSource() {
    assertThat(ShellLines.operator(mesh(null, EDGE, EKS)))
        .contains(
            "export AWS_ACCESS_KEY_ID='ADMIN'",
            "export AWS_SECRET_ACCESS_KEY='secret'",
            "export AWS_ENDPOINT_URL_EKS='https://127.0.0.1:9443'",
            "export CLAVIGER_KAFKA='127.0.0.1:9092'")
        .last()
        .asString()
        .startsWith("unset ")
        .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SESSION_TOKEN");
  }

  @Test
  void operatorOfAClusterHasTheForwardTheAuthorityAndTheKey() {
    assertThat(
            ShellLines.kube(
                EKS,
                Path.of("/state/ca.crt"),
                new KubeBrokers.Registered("prod-1", "eu-west-1"),
                new ApiKey("PLATFORM", "secret"),
                null))
        .containsExactly(
            "export AWS_ENDPOINT_URL_EKS='https://127.0.0.1:9443'",
            "export AWS_CA_BUNDLE='/state/ca.crt'",
            "export AWS_ACCESS_KEY_ID='PLATFORM'",
            "export AWS_SECRET_ACCESS_KEY='secret'",
            "unset AWS_PROFILE",
            "export AWS_REGION='eu-west-1'",
            "export AWS_DEFAULT_REGION='eu-west-1'",
            "export CLAVIGER_CLUSTER='prod-1'",
            "unset AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_FULL_URI"
                + " AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_ENDPOINT_URL_EKS_AUTH");
  }

  @Test
  void operatorWithAProfileHasNoKeyBeforeIt() {
    assertThat(ShellLines.kube(EKS, Path.of("/state/ca.crt"), null, null, "claviger"))
        .contains(
            "unset AWS_ACCESS_KEY_ID",
            "unset AWS_SECRET_ACCESS_KEY",
            "export AWS_PROFILE='claviger'")
        .noneMatch(line -> line.contains("REGION"));
  }

  @Test
  void nobodyHasNothingThatAnOperatorOfAClusterWasGiven() {
    List<String> given =
        ShellLines.kube(
                EKS,
                Path.of("/state/ca.crt"),
                new KubeBrokers.Registered("prod-1", "eu-west-1"),
                new ApiKey("PLATFORM", "secret"),
                "claviger")
            .stream()
            .filter(line -> line.startsWith("export "))
            .map(line -> line.substring("export ".length(), line.indexOf('=')))
            .toList();

    String line = ShellLines.nobody().getFirst();

    assertThat(line).startsWith("unset ");
    assertThat(line.split(" ")).containsAll(given);
  }

  @Test
  void operatorHasToWaitUntilThereIsAnApi() {
    assertThatThrownBy(() -> ShellLines.operator(mesh(null, EDGE, null)))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("not ready");
  }

  @Test
  void theAdminKeysSecretIsNotPrinted() {
    assertThat(mesh(null, EDGE, EKS).toString()).contains("ADMIN").doesNotContain("secret");
  }

  private static MeshState mesh(@Nullable URI sts, @Nullable URI credentials, @Nullable URI eks) {
    return new MeshState(
        new MeshState.ProcessMark("launcher", 1, Instant.EPOCH),
        List.of(),
        ClusterFacts.LOCAL,
        "127.0.0.1:9092",
        sts,
        credentials,
        credentials == null ? null : Path.of("/mesh of ours/it's a token"),
        new MeshState.AdminKey("ADMIN", "secret"),
        eks,
        null);
  }
}
