package io.claviger.bench;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.PodReport;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A virtual edge, as a line of a file.
 *
 * @param node of the edge
 * @param tokenFile with its own token
 * @param pods of its node, at least one
 */
record VirtualEdgePlan(String node, Path tokenFile, List<Pod> pods) {

  VirtualEdgePlan {
    pods = List.copyOf(pods);
    if (pods.isEmpty()) {
      throw new IllegalArgumentException(node + " has no pod");
    }
  }

  /**
   * A pod of the node.
   *
   * @param serviceAccount of the pod
   * @param token that it sends
   */
  record Pod(PodReport.Pod pod, String serviceAccount, String token) {

    private static final int WORDS = 5;

    private String words() {
      return String.join(" ", pod.namespace(), pod.name(), pod.uid(), serviceAccount, token);
    }

    private static Pod parse(List<String> words) {
      return new Pod(
          new PodReport.Pod(words.get(0), words.get(1), words.get(2)), words.get(3), words.get(4));
    }
  }

  /** The number of one of a service account's pods. */
  OptionalInt podOf(AssociationKey key) {
    return IntStream.range(0, pods.size())
        .filter(
            i ->
                pods.get(i).pod().namespace().equals(key.namespace())
                    && pods.get(i).serviceAccount().equals(key.serviceAccount()))
        .findFirst();
  }

  String line() {
    return node
        + " "
        + tokenFile
        + pods.stream().map(pod -> " " + pod.words()).collect(Collectors.joining());
  }

  static VirtualEdgePlan parse(String line) {
    List<String> words = List.of(line.split(" ", -1));
    return new VirtualEdgePlan(
        words.get(0),
        Path.of(words.get(1)),
        IntStream.iterate(2, i -> i < words.size(), i -> i + Pod.WORDS)
            .mapToObj(i -> Pod.parse(words.subList(i, i + Pod.WORDS)))
            .toList());
  }
}
