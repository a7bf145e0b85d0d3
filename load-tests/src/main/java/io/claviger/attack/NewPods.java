package io.claviger.attack;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Every second starts a pod that is new to an edge, on a thread of its own until this is closed.
 * Its service account already has a session; for the pod itself the edge sends a request to a
 * broker.
 */
final class NewPods implements AutoCloseable {

  /** Not an address of attackers, and not one of other pods. */
  private static final String ADDRESS = "127.3.0.1";

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** The SDKs' total time for a container's credentials. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** About the pause of an SDK before a retry. */
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final AttackPods pods;
  private final EdgeMember edge;
  private final String account;
  private final List<Pod> came = new CopyOnWriteArrayList<>();
  private final Thread thread;

  private record Pod(Instant due, boolean served) {}

  /**
   * The results of these pods.
   *
   * @param pods number of pods
   * @param unserved of these, without credentials within five seconds
   */
  record Fared(long pods, long unserved) {}

  /** Starts the pods. */
  NewPods(AttackPods pods, EdgeMember edge, String account) {
    this.pods = pods;
    this.edge = edge;
    this.account = account;
    this.thread = Thread.ofVirtual().name("new-pods").start(this::run);
  }

  private void run() {
    try {
      for (int number = 0; true; number++) {
        Instant due = Instant.now();
        came.add(new Pod(due, isServed("new-" + number)));
        Duration left = PERIOD.minus(Duration.between(due, Instant.now()));
        TimeUnit.NANOSECONDS.sleep(Math.max(1, left.toNanos()));
      }
    } catch (InterruptedException e) {
      // This was closed.
      Thread.currentThread().interrupt();
    }
  }

  private boolean isServed(String pod) throws InterruptedException {
    String request = PodSocket.request("Authorization: " + pods.token(account, pod, edge));
    long late = System.nanoTime() + LONGEST.toNanos();
    HttpReply reply =
        Polling.within(LONGEST).every(AGAIN).until(() -> ask(request), HttpReply::isServed);
    return reply.isServed() && System.nanoTime() - late < 0;
  }

  /** A failed connection counts as an answer too. */
  private HttpReply ask(String request) {
    try {
      return PodSocket.exchange(edge, ADDRESS, request);
    } catch (MeshException e) {
      return new HttpReply.Ended(new Ending.Unreached(String.valueOf(e.getMessage())));
    }
  }

  /** The results of pods that started in this time and have finished. */
  Fared between(Instant from, Instant to) {
    List<Pod> those =
        came.stream().filter(pod -> !pod.due().isBefore(from) && pod.due().isBefore(to)).toList();
    return new Fared(those.size(), those.stream().filter(pod -> !pod.served()).count());
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
