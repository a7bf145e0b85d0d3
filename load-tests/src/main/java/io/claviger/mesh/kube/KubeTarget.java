package io.claviger.mesh.kube;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where brokers run.
 *
 * @param context of the kubeconfig; absent for the current one
 * @param namespace of the brokers
 */
public record KubeTarget(@Nullable String context, String namespace) {

  /** What {@code kubectl} is given to do something there. */
  List<String> arguments(String... arguments) {
    List<String> command = new ArrayList<>();
    if (context != null) {
      command.addAll(List.of("--context", context));
    }
    command.addAll(List.of("--namespace", namespace));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The same as a person would type it. */
  String typed(String... arguments) {
    return "kubectl " + String.join(" ", arguments(arguments));
  }
}
