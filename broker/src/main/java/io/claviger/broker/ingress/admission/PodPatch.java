package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.admission.Pod.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The patch that lets a pod's containers find their credentials: a label, a token volume, and the
 * {@link ContainerPatch} of each container. It removes and overwrites nothing. A patched pod needs
 * no second patch.
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
   * Returns the patch. It is empty if there is nothing to add, or if all containers are skipped.
   *
   * @param tokenSeconds the lifetime of the token in the volume
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
