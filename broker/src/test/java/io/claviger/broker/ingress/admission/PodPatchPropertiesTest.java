package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties that hold for the patch of any pod. */
final class PodPatchPropertiesTest {

  private static final Set<String> PROXIES = Set.of("NO_PROXY", "no_proxy");

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  private static Injection injection(long seed) {
    return new Injection(
        "prod",
        "pods.eks.amazonaws.com",
        seed % 2 == 0 ? IpFamily.IPV4 : IpFamily.IPV6,
        seed % 3 == 0 ? Optional.empty() : Optional.of("eu-central-1"),
        seed % 5 == 0);
  }

  private static JsonNode patch(JsonNode pod, Injection what) {
    io.claviger.broker.ingress.admission.Pod read = Reviews.pod(pod);
    InjectionOptions options = InjectionOptions.of(read.metadata().annotations());
    return Reviews.asJson(
        PodPatch.of(read, what, options, options.tokenSeconds(() -> Reviews.RANDOM)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void onlyAdds(long seed) {
    JsonNode before = Pods.of(seed);

    JsonNode after = Reviews.apply(patch(before, injection(seed)), before);

    assertStillThere("", before, after);
    for (String containers : List.of("/spec/initContainers", "/spec/containers")) {
      assertThat(after.at(containers).size()).isEqualTo(before.at(containers).size());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isEmptyOnceItWasApplied(long seed) {
    JsonNode before = Pods.of(seed);
    JsonNode after = Reviews.apply(patch(before, injection(seed)), before);

    assertThat(patch(after, injection(seed))).as("%s", after).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leavesAPodThatIsValid(long seed) {
    JsonNode before = Pods.of(seed);

    Pod pod = Reviews.strict(Reviews.apply(patch(before, injection(seed)), before));

    List<String> volumes = pod.getSpec().getVolumes().stream().map(Volume::getName).toList();
    assertThat(volumes).doesNotHaveDuplicates();
    for (Container container : containers(pod).toList()) {
      assertThat(container.getEnv())
          .noneMatch(one -> one.getValue() != null && one.getValueFrom() != null)
          .extracting(EnvVar::getName)
          .doesNotHaveDuplicates();
      assertThat(container.getVolumeMounts())
          .extracting(VolumeMount::getMountPath)
          .doesNotHaveDuplicates();
      assertThat(volumes)
          .containsAll(container.getVolumeMounts().stream().map(VolumeMount::getName).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void givesEveryContainerThatIsNotSkippedAWayToItsCredentials(long seed) {
    JsonNode before = Pods.of(seed);

    Pod pod = Reviews.strict(Reviews.apply(patch(before, injection(seed)), before));

    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    boolean skipping =
        annotations != null && annotations.containsKey(InjectionOptions.SKIP_CONTAINERS);
    Set<String> skipped = skipping ? Set.of("app-0", "init-1") : Set.of();
    assertThat(containers(pod).filter(container -> !skipped.contains(container.getName())))
        .allSatisfy(
            container ->
                assertThat(container.getEnv())
                    .extracting(EnvVar::getName)
                    .containsAnyOf(ContainerPatch.URI, ContainerPatch.TOKEN_FILE));
  }

  private static Stream<Container> containers(Pod pod) {
    return Stream.concat(
        pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
  }

  /** Asserts that fields keep their values, and that lists only grow at the end. */
  private static void assertStillThere(String path, JsonNode before, JsonNode after) {
    if (before.isObject()) {
      boolean proxies = PROXIES.contains(before.path("name").asText());
      before
          .properties()
          .forEach(
              field -> {
                JsonNode now = after.path(field.getKey());
                if (proxies && field.getKey().equals("value")) {
                  assertThat(now.asText()).as(path).startsWith(field.getValue().asText());
                } else {
                  assertStillThere(path + "/" + field.getKey(), field.getValue(), now);
                }
              });
    } else if (before.isArray()) {
      assertThat(after.size()).as(path).isGreaterThanOrEqualTo(before.size());
      for (int i = 0; i < before.size(); i++) {
        assertStillThere(path + "/" + i, before.get(i), after.get(i));
      }
    } else {
      assertThat(after).as(path).isEqualTo(before);
    }
  }
}
