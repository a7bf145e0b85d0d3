package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The needed fields of a Kubernetes {@code v1 Pod}. At review, the pod is not validated yet: names
 * and lists may be absent. An absent list differs from an empty one: a patch creates the former and
 * appends to the latter.
 */
public record Pod(Metadata metadata, Spec spec) {

  private static final Metadata NO_METADATA = new Metadata(null, null, null, null, null);
  private static final Spec NO_SPEC = new Spec(null, null, Map.of(), null, null, null, null);

  public Pod {
    metadata = Objects.requireNonNullElse(metadata, NO_METADATA);
    spec = Objects.requireNonNullElse(spec, NO_SPEC);
  }

  /** Names, labels and annotations. The API server may generate the name later. */
  public record Metadata(
      @Nullable String name,
      @Nullable String generateName,
      @Nullable String namespace,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, String> annotations) {

    public Metadata {
      namespace = named(namespace, "namespace");
    }

    boolean hasLabel(String key) {
      return labels != null && labels.containsKey(key);
    }

    boolean hasLabel(String key, String value) {
      return labels != null && value.equals(labels.get(key));
    }

    boolean hasAnnotation(String key) {
      return annotations != null && annotations.containsKey(key);
    }
  }

  /** Containers, volumes, service account and node selection. */
  public record Spec(
      @Nullable String serviceAccountName,
      @Nullable String serviceAccount,
      Map<String, String> nodeSelector,
      @Nullable Named os,
      @Nullable List<Named> volumes,
      @Nullable List<Container> initContainers,
      @Nullable List<Container> containers) {

    private static final String WINDOWS = "windows";
    private static final List<String> OS_LABELS =
        List.of("kubernetes.io/os", "beta.kubernetes.io/os");

    public Spec {
      serviceAccountName = named(serviceAccountName, "serviceAccountName");
      serviceAccount = named(serviceAccount, "serviceAccount");
      nodeSelector = Objects.requireNonNullElse(nodeSelector, Map.of());
      volumes = checked(volumes);
      initContainers = checked(initContainers);
      containers = checked(containers);
    }

    /** The service account. {@code serviceAccount} is the deprecated alias. */
    String account() {
      return Stream.of(orEmpty(serviceAccountName), orEmpty(serviceAccount), "default")
          .filter(name -> !name.isEmpty())
          .findFirst()
          .orElseThrow();
    }

    boolean isWindows() {
      return (os != null && WINDOWS.equals(os.name()))
          || OS_LABELS.stream().anyMatch(label -> WINDOWS.equals(nodeSelector.get(label)));
    }

    boolean hasVolume(String name) {
      return volumes != null && volumes.stream().anyMatch(volume -> name.equals(volume.name()));
    }
  }

  /** A container of any kind. */
  public record Container(
      @Nullable String name, @Nullable List<EnvVar> env, @Nullable List<Mount> volumeMounts) {

    public Container {
      env = checked(env);
      volumeMounts = checked(volumeMounts);
    }

    boolean hasEnv(String variable) {
      return env != null && env.stream().anyMatch(one -> variable.equals(one.name()));
    }

    boolean hasMountAt(String path) {
      return volumeMounts != null && volumeMounts.stream().anyMatch(mount -> mount.isAt(path));
    }
  }

  /**
   * An environment variable.
   *
   * @param value the literal; null is empty
   * @param valueFrom the source of the value, instead of a literal
   */
  public record EnvVar(@Nullable String name, @Nullable String value, @Nullable Object valueFrom) {}

  /** The mount of a volume in a container. */
  public record Mount(@Nullable String mountPath) {
    private boolean isAt(String path) {
      return mountPath != null && path.equals(mountPath.replaceAll("/+$", ""));
    }
  }

  /** An object of which only the name is needed. */
  public record Named(@Nullable String name) {}

  private static <T> @Nullable List<T> checked(@Nullable List<T> list) {
    return list == null ? null : List.copyOf(list);
  }

  /** Rejects a blank name, which could not be looked up. An empty or absent name is valid. */
  static @Nullable String named(@Nullable String name, String field) {
    return name == null || name.isEmpty() ? name : Check.text(name, field);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
