package io.claviger.k8s;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.localmesh.ProjectLayout;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects that {@code kubectl apply -k} would send.
 *
 * @param name the overlay's name
 * @param objects read strictly; those without a model are {@link GenericKubernetesResource}s
 */
record K8sOverlay(String name, List<HasMetadata> objects) {

  private static final Path K8S = ProjectLayout.find().top().resolve("k8s");

  /** The overlay with which each component is rendered. It includes the key file. */
  private static final String TRIED = "minimal";

  private static final String WITH = "+";

  /** Renders one of {@link #names()}. Without kustomize, the test is skipped. */
  static K8sOverlay render(String name) {
    int with = name.indexOf(WITH);
    return new K8sOverlay(
        name,
        build(
            with < 0
                ? K8S.resolve("overlays").resolve(name)
                : together(name.substring(0, with), name.substring(with + 1))));
  }

  /** The names of all overlays, and those of the smallest overlay with each component. */
  static Stream<String> names() throws IOException {
    return Stream.of(
            overlays(),
            Stream.of("../acceptance/one-node"),
            folders("components")
                .filter(component -> !component.equals("key-file"))
                .map(component -> TRIED + WITH + component))
        .flatMap(names -> names);
  }

  /** The names of all overlays. Each also renders with a component. */
  static Stream<String> overlays() throws IOException {
    return folders("overlays");
  }

  /** Renders an overlay with an additional component. */
  static K8sOverlay render(String overlay, String component) {
    return render(overlay + WITH + component);
  }

  private static Stream<String> folders(String of) throws IOException {
    try (Stream<Path> folders = Files.list(K8S.resolve(of))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  /** A kustomization as an operator writes it. Kustomize accepts relative paths only. */
  private static Path together(String overlay, String component) {
    try {
      Path built =
          ProjectLayout.find()
              .built("load-tests")
              .resolve("k8s")
              .resolve(overlay + WITH + component);
      Path k8s = Files.createDirectories(built).relativize(K8S);
      Path written = Files.createTempFile(built, "kustomization", ".new");
      Files.writeString(
          written,
          """
          resources: [%s/overlays/%s]
          components: [%s/components/%s]
          """
              .formatted(k8s, overlay, k8s, component));
      // Another JVM of the tests may render the same overlay now, and must not read half a file.
      Files.move(written, built.resolve("kustomization.yaml"), ATOMIC_MOVE, REPLACE_EXISTING);
      return built;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a kustomization. */
  static List<HasMetadata> build(Path kustomization) {
    String yaml = run("kustomize", "build", kustomization.toString());
    return K8sModels.read(yaml);
  }

  private static String run(String... command) {
    try {
      assumeTrue(exists(command[0]), "not run: there is no " + command[0]);
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      String out = text(process.getInputStream());
      String err = text(process.getErrorStream());
      assertThat(process.waitFor()).as(err).isZero();
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean exists(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends HasMetadata> T only(Class<T> type, String called) {
    List<T> found =
        all(type).stream().filter(one -> one.getMetadata().getName().equals(called)).toList();
    assertThat(found).as(type.getSimpleName() + " " + called).hasSize(1);
    return found.getFirst();
  }

  Deployment broker() {
    return only(Deployment.class, "claviger-broker");
  }

  DaemonSet edge() {
    return only(DaemonSet.class, "claviger-edge");
  }

  /** The pod spec of each workload, by its name. */
  Map<String, PodSpec> pods() {
    return objects.stream()
        .flatMap(one -> template(one).stream().map(spec -> Map.entry(one, spec)))
        .collect(
            Collectors.toMap(entry -> entry.getKey().getMetadata().getName(), Map.Entry::getValue));
  }

  private static Optional<PodSpec> template(HasMetadata workload) {
    PodTemplateSpec template =
        switch (workload) {
          case Deployment deployment -> deployment.getSpec().getTemplate();
          case DaemonSet daemonSet -> daemonSet.getSpec().getTemplate();
          case StatefulSet statefulSet -> statefulSet.getSpec().getTemplate();
          default -> null;
        };
    return Optional.ofNullable(template).map(PodTemplateSpec::getSpec);
  }

  /** A pod's containers, including its init containers. */
  static List<Container> containers(PodSpec pod) {
    List<Container> all = new ArrayList<>(pod.getInitContainers());
    all.addAll(pod.getContainers());
    return all;
  }
}
