package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.admission.Pod.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to be added to a pod for its containers to find their credentials: a label, a volume
 * with a token, and in each container what {@link ContainerPatch} says. Nothing is removed, what is
 * there already stays as it is, and a pod that was patched needs nothing more.
 */
final class PodPatch {

  static final String LABEL = "eks.amazonaws.com/pod-identity";
  static final String VOLUME = "eks-pod-identity-token";

  private final Pod pod;
  private final ContainerPatch container;
  private final InjectionOptions options;
  private final List<PatchOperation> operations = new ArrayList<>();

  private PodPatch(Pod pod, ContainerPatch container, InjectionOptions options) {
    this.pod = pod;
    this.container = container;
    this.options = options;
  }

  /**
   * The patch; empty where there is nothing to add, also where every container is to be skipped.
   *
   * @param tokenSeconds how long the token in the volume lives
   */
  static List<PatchOperation> of(
      Pod pod, Injection what, InjectionOptions options, long tokenSeconds) {
    PodPatch patch = new PodPatch(pod, new ContainerPatch(what, pod.spec().isWindows()), options);
    if (patch.isMeant(pod.spec().initContainers()) || patch.isMeant(pod.spec().containers())) {
      patch.label();
      patch.volume(what.audience(), tokenSeconds);
      patch.containers("/spec/initContainers/", pod.spec().initContainers());
      patch.containers("/spec/containers/", pod.spec().containers());
    }
    return patch.operations;
  }

  private boolean isMeant(@Nullable List<Container> containers) {
    return containers != null && containers.stream().anyMatch(one -> !options.skips(one.name()));
  }

  private void label() {
    if (pod.metadata().labels() == null) {
      operations.add(PatchOperation.add("/metadata/labels", Map.of(LABEL, "enabled")));
    } else if (!pod.metadata().hasLabel(LABEL)) {
      operations.add(PatchOperation.add("/metadata/labels/" + LABEL.replace("/", "~1"), "enabled"));
    }
  }

  private void volume(String audience, long tokenSeconds) {
    if (pod.spec().hasVolume(VOLUME)) {
      return;
    }
    Map<String, Object> token =
        Map.of("audience", audience, "expirationSeconds", tokenSeconds, "path", VOLUME);
    Map<String, Object> volume =
        Map.of(
            "name",
            VOLUME,
            "projected",
            Map.of("sources", List.of(Map.of("serviceAccountToken", token))));
    operations.add(
        pod.spec().volumes() == null
            ? PatchOperation.add("/spec/volumes", List.of(volume))
            : PatchOperation.add("/spec/volumes/-", volume));
  }

  private void containers(String path, @Nullable List<Container> containers) {
    if (containers == null) {
      return;
    }
    for (int i = 0; i < containers.size(); i++) {
      if (!options.skips(containers.get(i).name())) {
        operations.addAll(container.of(path + i, containers.get(i)));
      }
    }
  }
}
