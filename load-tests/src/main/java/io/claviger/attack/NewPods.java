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
 * Each second a pod that is new to an edge, on a thread of its own until it is closed. Its service
 * account has a session already; of the pod itself the edge asks a broker.
 */
final class NewPods implements AutoCloseable {

  /** Neither of those that attack nor of other pods. */
  private static final String ADDRESS = "127.3.0.1";

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** What SDKs have in all for credentials of a container. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** How long an SDK waits before it comes again, about. */
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final AttackPods pods;
  private final EdgeMember edge;
  private final String account;
  private final List<Pod> came = new CopyOnWriteArrayList<>();
  private final Thread thread;

  private record Pod(Instant due, boolean served) {}

  /**
   * How they fared.
   *
   * @param pods that came
   * @param unserved of these, without credentials in five seconds
   */
  record Fared(long pods, long unserved) {}

  /** Begins. */
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
      // It is closed.
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

  /** A connection that cannot be made is an answer too. */
  private HttpReply ask(String request) {
    try {
      return PodSocket.exchange(edge, ADDRESS, request);
    } catch (MeshException e) {
      return new HttpReply.Ended(new Ending.Unreached(String.valueOf(e.getMessage())));
    }
  }

  /** How those fared that came in this time, and have an answer or will get none. */
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
