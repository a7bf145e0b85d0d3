package io.claviger.scenario;

import io.claviger.localmesh.EdgeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Asks for pods all the time, and remembers what each was answered when. */
final class PodWatch implements AutoCloseable {

  private static final long PAUSE_MILLIS = 10;

  /** A pod on a node, and the token it asks with. */
  record Watched(String serviceAccount, String name, EdgeMember edge, String token) {
    @Override
    public String toString() {
      return serviceAccount + "/" + name + " on " + edge.node();
    }
  }

  /** An answer that was here at that {@link System#nanoTime()}; 0 when none came. */
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

  /** The answers that came after a moment. */
  List<Seen> since(long moment) {
    return seen.stream().filter(one -> one.at() - moment > 0).toList();
  }

  /** Whether each of these pods was answered with a status since then. */
  boolean all(Predicate<Watched> which, int status, long since) {
    return pods.stream()
        .filter(which)
        .allMatch(
            pod ->
                since(since).stream()
                    .anyMatch(one -> one.pod().equals(pod) && one.status() == status));
  }

  /** How long after a moment one of these pods was still answered with a status, milliseconds. */
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
        // No answer: remembered as such.
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
