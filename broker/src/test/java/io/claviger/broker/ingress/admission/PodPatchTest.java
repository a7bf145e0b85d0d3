package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a patch, one by one. */
final class PodPatchTest {

  private static final Injection ALL =
      new Injection("prod", "aud", IpFamily.IPV6, Optional.of("eu-central-1"), true);
  private static final String PATH = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";

  /** Returns a pod with one container and additional fields. */
  private static JsonNode pod(String container) {
    return Reviews.json(
        "{\"metadata\": {}, \"spec\": {\"containers\": [{\"name\": \"app\"%s}]}}"
            .formatted(container.isEmpty() ? "" : ", " + container));
  }

  private static JsonNode patch(JsonNode pod, Injection what) {
    Pod read = Reviews.pod(pod);
    return Reviews.asJson(
        PodPatch.of(read, what, InjectionOptions.of(read.metadata().annotations()), 3600));
  }

  private static JsonNode patched(JsonNode pod, Injection what) {
    return Reviews.apply(patch(pod, what), pod);
  }

  private static Map<String, String> env(JsonNode patched) {
    return patched
        .at("/spec/containers/0/env")
        .valueStream()
        .collect(
            Collectors.toMap(one -> one.path("name").asText(), one -> one.path("value").asText()));
  }

  @Test
  void namesTheAudienceOfTheClusterAndTheExpiryOfTheToken() {
    assertThat(patched(pod(""), ALL).at("/spec/volumes"))
        .isEqualTo(
            Reviews.json(
                """
                [{"name": "eks-pod-identity-token", "projected": {"sources": [{"serviceAccountToken":
                  {"audience": "aud", "expirationSeconds": 3600, "path": "eks-pod-identity-token"}}]}}]
                """));
  }

  @Test
  void givesSdksTheAddressTheTokenAndWhatElseIsSet() {
    assertThat(env(patched(pod(""), ALL)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", PATH + "/eks-pod-identity-token",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6",
                "AWS_REGION", "eu-central-1",
                "AWS_DEFAULT_REGION", "eu-central-1",
                "AWS_STS_REGIONAL_ENDPOINTS", "regional"));
    assertThat(env(patched(pod(""), Reviews.USUAL)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                PATH + "/eks-pod-identity-token"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"})
  void addsNeitherCredentialVariableWhereOneIsThere(String variable) {
    String own = "\"env\": [{\"name\": \"%s\", \"value\": \"own\"}]".formatted(variable);

    assertThat(env(patched(pod(own), Reviews.USUAL))).isEqualTo(Map.of(variable, "own"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_REGION", "AWS_DEFAULT_REGION"})
  void addsNeitherRegionWhereOneIsThere(String variable) {
    String own = "\"env\": [{\"name\": \"%s\", \"value\": \"own\"}]".formatted(variable);

    assertThat(env(patched(pod(own), ALL)))
        .containsEntry(variable, "own")
        .doesNotContainValue("eu-central-1");
  }

  @Test
  void leavesWhatElseIsThere() {
    String own =
        """
        "env": [{"name": "AWS_STS_REGIONAL_ENDPOINTS", "value": "legacy"},
                {"name": "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "value": "IPv4"}]
        """;

    assertThat(env(patched(pod(own), ALL)))
        .containsEntry("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
        .containsEntry("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv4")
        .hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".svc | .svc,169.254.170.23",
        ".svc, | .svc,169.254.170.23",
        "'' | 169.254.170.23",
        "a, 169.254.170.23 ,b | a, 169.254.170.23 ,b",
        "a,* | a,*",
        "169.254.170.230 | 169.254.170.230,169.254.170.23"
      })
  void appendsTheAddressToHostsThatAreNotProxied(String before, String after) {
    for (String variable : new String[] {"NO_PROXY", "no_proxy"}) {
      String own = "\"env\": [{\"name\": \"%s\", \"value\": \"%s\"}]".formatted(variable, before);

      assertThat(env(patched(pod(own), Reviews.USUAL))).containsEntry(variable, after);
    }
  }

  @Test
  void appendsTheIpv6AddressInBothOfItsForms() {
    assertThat(env(patched(pod("\"env\": [{\"name\": \"NO_PROXY\"}]"), ALL)))
        .containsEntry("NO_PROXY", "fd00:ec2::23,[fd00:ec2::23]");
  }

  @Test
  void leavesHostsThatComeFromElsewhere() {
    String own =
        """
        "env": [{"name": "NO_PROXY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]
        """;

    JsonNode pod = pod(own);
    assertThat(patched(pod, Reviews.USUAL).at("/spec/containers/0/env/0"))
        .isEqualTo(pod.at("/spec/containers/0/env/0"));
  }

  @Test
  void mountsNothingWhereSomethingIsMounted() {
    JsonNode patched =
        patched(
            pod("\"volumeMounts\": [{\"name\": \"own\", \"mountPath\": \"%s/\"}]".formatted(PATH)),
            Reviews.USUAL);

    assertThat(patched.at("/spec/containers/0/volumeMounts")).hasSize(1);
  }

  @Test
  void leavesAVolumeAndALabelOfTheSameName() {
    JsonNode own =
        Reviews.json(
            """
            {"metadata": {"labels": {"eks.amazonaws.com/pod-identity": "own"}},
             "spec": {"volumes": [{"name": "eks-pod-identity-token", "secret": {"secretName": "s"}}],
                      "containers": [{"name": "app"}]}}
            """);

    JsonNode patched = patched(own, Reviews.USUAL);

    assertThat(patched.at("/metadata")).isEqualTo(own.at("/metadata"));
    assertThat(patched.at("/spec/volumes")).isEqualTo(own.at("/spec/volumes"));
  }

  @Test
  void givesNothingToAPodAllOfWhoseContainersAreToBeSkipped() {
    assertThat(
            patch(
                Reviews.json(
                    """
                    {"metadata": {"annotations": {"eks.amazonaws.com/skip-containers": "a, b"}},
                     "spec": {"initContainers": [{"name": "a"}], "containers": [{"name": "b"}]}}
                    """),
                ALL))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"os\": {\"name\": \"windows\"}",
        "\"nodeSelector\": {\"kubernetes.io/os\": \"windows\"}",
        "\"nodeSelector\": {\"beta.kubernetes.io/os\": \"windows\"}"
      })
  void namesTheTokensFileAsWindowsHasIt(String windows) {
    JsonNode pod =
        Reviews.json(
            "{\"metadata\": {}, \"spec\": {%s, \"containers\": [{\"name\": \"app\"}]}}"
                .formatted(windows));

    assertThat(env(patched(pod, Reviews.USUAL)))
        .containsEntry(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "C:\\var\\run\\secrets\\pods.eks.amazonaws.com\\serviceaccount\\eks-pod-identity-token");
  }
}
