package io.claviger.edge.credential;

import io.claviger.schemas.bus.PodReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brokers that record the pods that they are asked about and answer when the test does. */
final class FakePodLookup implements PodLookup {

  final List<String> asked = new ArrayList<>();
  private final Queue<CompletableFuture<Presence>> open = new ArrayDeque<>();

  @Override
  public CompletionStage<Presence> ask(PodReport.Pod pod) {
    asked.add(pod.uid());
    CompletableFuture<Presence> answer = new CompletableFuture<>();
    open.add(answer);
    return answer;
  }

  /** Answers the oldest open request. */
  void answer(Presence presence) {
    open.remove().complete(presence);
  }
}
