package io.claviger.launcher.kube;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where brokers run.
 *
 * @param kubeconfig the kubeconfig files, in the form of the variable {@code KUBECONFIG}
 * @param context in these files; absent where they have none, as in a pod
 * @param namespace of the brokers
 */
public record KubeTarget(String kubeconfig, @Nullable String context, String namespace) {

  /**
   * Fixes the present names of the files and of the current context. Another shell may have other
   * files, and the current context may change later.
   */
  static KubeTarget of(Collection<String> files, Config config, String namespace) {
    return new KubeTarget(
        files.stream()
            .map(file -> Path.of(file).toAbsolutePath().normalize().toString())
            .collect(Collectors.joining(File.pathSeparator)),
        Optional.ofNullable(config.getCurrentContext()).map(NamedContext::getName).orElse(null),
        namespace);
  }

  /** Arguments with which {@code kubectl} reaches this namespace. */
  List<String> arguments(String... arguments) {
    List<String> command = new ArrayList<>();
    if (context != null) {
      command.addAll(List.of("--context", context));
    }
    command.addAll(List.of("--namespace", namespace));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The same as a command line for a person. */
  String typed(String... arguments) {
    return "kubectl " + String.join(" ", arguments(arguments));
  }
}
