package io.claviger.k8s;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.app.BrokerSettings;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.settings.SettingsLoader;
import io.claviger.edge.app.EdgeSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program's settings in its pod: the files of its ConfigMaps, its arguments and its environment,
 * read by the program's own loader.
 */
final class K8sSettings {

  /** The kubelet's values of a pod's fields. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "metadata.name", "claviger-broker-7d9c5b5d4-x2x7q",
          "status.podIP", "10.0.0.11",
          "status.hostIP", "192.168.0.11",
          "spec.nodeName", "node-1");

  private K8sSettings() {}

  static BrokerSettings ofBroker(K8sOverlay overlay) {
    return load(overlay, overlay.broker().getSpec().getTemplate().getSpec(), BrokerSettings.class);
  }

  static EdgeSettings ofEdge(K8sOverlay overlay) {
    return load(overlay, overlay.edge().getSpec().getTemplate().getSpec(), EdgeSettings.class);
  }

  /** The ports of a broker's bootstrap servers. */
  static Set<Integer> kafkaPorts(BrokerSettings settings) {
    return Stream.of(settings.kafka().bootstrapServers().split(","))
        .map(address -> HostPort.parse(address).port())
        .collect(Collectors.toSet());
  }

  private static <T> T load(K8sOverlay overlay, PodSpec pod, Class<T> type) {
    Container container = pod.getContainers().getFirst();
    List<Path> files =
        container.getArgs().stream()
            .map(argument -> argument.replaceFirst("^--config=", ""))
            .map(path -> mounted(overlay, pod, container, Path.of(path)))
            .toList();
    assertThat(files).isNotEmpty();
    return SettingsLoader.load(type, files, environment(container), List.of());
  }

  private static Map<String, String> environment(Container container) {
    return container.getEnv().stream()
        .collect(Collectors.toMap(EnvVar::getName, K8sSettings::value));
  }

  private static String value(EnvVar variable) {
    String value =
        variable.getValueFrom() == null
            ? variable.getValue()
            : FIELDS.get(variable.getValueFrom().getFieldRef().getFieldPath());
    return requireNonNull(value, variable.getName())
        .replace("$(HOST_IP)", requireNonNull(FIELDS.get("status.hostIP")));
  }

  /** The file at this path in the pod, from the mounted ConfigMap. */
  private static Path mounted(K8sOverlay overlay, PodSpec pod, Container container, Path path) {
    String volume =
        container.getVolumeMounts().stream()
            .filter(mount -> Path.of(mount.getMountPath()).equals(path.getParent()))
            .map(VolumeMount::getName)
            .findFirst()
            .orElseThrow(() -> new AssertionError("nothing is mounted at " + path.getParent()));
    String configMap =
        pod.getVolumes().stream()
            .filter(one -> one.getName().equals(volume))
            .map(Volume::getConfigMap)
            .findFirst()
            .orElseThrow()
            .getName();
    String text =
        overlay.only(ConfigMap.class, configMap).getData().get(path.getFileName().toString());
    assertThat(text).as(path + " in the ConfigMap " + configMap).isNotNull();
    try {
      Path file = Files.createTempFile("claviger", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
