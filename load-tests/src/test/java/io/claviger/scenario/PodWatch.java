package io.claviger.scenario;

import io.claviger.localmesh.EdgeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Sends requests of pods continuously, and records the status and time of each response. */
final class PodWatch implements AutoCloseable {

  private static final long PAUSE_MILLIS = 10;

  /** A pod on a node, and its token. */
  record Watched(String serviceAccount, String name, EdgeMember edge, String token) {
    @Override
    public String toString() {
      return serviceAccount + "/" + name + " on " + edge.node();
    }
  }

  /** A response and its {@link System#nanoTime()}; status 0 if there was none. */
  record Seen(Watched pod, int status, long at) {}

  private final ScenarioMesh mesh;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final List<Thread> threads = new ArrayList<>();
  private final List<Watched> pods;

  PodWatch(ScenarioMesh mesh, List<Watched> pods) {
    this.mesh = mesh;
    this.pods = List.copyOf(pods);
    for (Watched pod : pods) {
      threads.add(Thread.ofVirtual().start(() -> ask(pod)));
    }
  }

  List<Watched> pods() {
    return pods;
  }

  /** The responses after a moment. */
  List<Seen> since(long moment) {
    return seen.stream().filter(one -> one.at() - moment > 0).toList();
  }

  /** Whether each of these pods has had a response with this status since then. */
  boolean all(Predicate<Watched> which, int status, long since) {
    return pods.stream()
        .filter(which)
        .allMatch(
            pod ->
                since(since).stream()
                    .anyMatch(one -> one.pod().equals(pod) && one.status() == status));
  }

  /** The time from a moment to the last response with this status, in milliseconds. */
  double last(Predicate<Watched> which, int status, long moment) {
    return since(moment).stream()
            .filter(one -> which.test(one.pod()) && one.status() == status)
            .mapToLong(one -> one.at() - moment)
            .max()
            .orElse(0)
        / 1e6;
  }

  private void ask(Watched pod) {
    while (running.get()) {
      int status = 0;
      try {
        status = mesh.ask(pod.edge(), pod.token()).status();
      } catch (RuntimeException e) {
        // No response: recorded with status 0.
      }
      seen.add(new Seen(pod, status, System.nanoTime()));
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    running.set(false);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
