package io.claviger.scenario;

import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Sends requests of each service account to each edge continuously, and records the keys and their
 * times. Service accounts are numbers. The one in focus sends requests more often.
 */
final class ServedKeys implements AutoCloseable {

  private static final long FOCUSED_MILLIS = 5;
  private static final int STEADY_TURNS = 20;
  private static final Duration TOKEN_AGE = Duration.ofMinutes(10);

  /** A key that an edge served, and the time of its response. */
  record Seen(int serviceAccount, String edge, String accessKeyId, long at) {}

  private final ScenarioMesh mesh;
  private final String namespace;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Map<Integer, String> failures = new ConcurrentHashMap<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final List<Thread> threads = new ArrayList<>();
  private volatile int focus;

  private ServedKeys(ScenarioMesh mesh, String namespace) {
    this.mesh = mesh;
    this.namespace = namespace;
  }

  static ServedKeys watch(ScenarioMesh mesh, String namespace, int serviceAccounts) {
    ServedKeys watching = new ServedKeys(mesh, namespace);
    for (EdgeMember edge : mesh.mesh().edges()) {
      for (int number = 0; number < serviceAccounts; number++) {
        int account = number;
        watching.threads.add(Thread.ofVirtual().start(() -> watching.ask(edge, account)));
      }
    }
    return watching;
  }

  void focus(int serviceAccount) {
    focus = serviceAccount;
  }

  /** All keys that were served so far. */
  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Whether every edge has served the service account one of these keys since then. */
  boolean everywhere(int serviceAccount, long since, Predicate<String> keys) {
    return mesh.mesh().edges().stream()
        .allMatch(
            edge ->
                seen.stream()
                    .anyMatch(
                        one ->
                            one.at() - since > 0
                                && one.serviceAccount() == serviceAccount
                                && one.edge().equals(edge.node())
                                && keys.test(one.accessKeyId())));
  }

  private void ask(EdgeMember edge, int account) {
    String token = "";
    long tokenAt = 0;
    while (running.get()) {
      if (token.isEmpty() || System.nanoTime() - tokenAt > TOKEN_AGE.toNanos()) {
        token = mesh.token(edge, namespace, "sa-" + account, "pod-" + account);
        tokenAt = System.nanoTime();
      }
      try {
        Answer answer = mesh.ask(edge, token);
        if (answer.status() == 200) {
          seen.add(new Seen(account, edge.node(), answer.accessKeyId(), System.nanoTime()));
        }
      } catch (RuntimeException e) {
        failures.putIfAbsent(account, e.toString());
      }
      pause(account);
    }
  }

  private void pause(int account) {
    try {
      for (int turn = 0; turn < STEADY_TURNS && running.get(); turn++) {
        TimeUnit.MILLISECONDS.sleep(FOCUSED_MILLIS);
        if (focus == account) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.set(false);
    }
  }

  /** The requests without a response, one of each service account. */
  Map<Integer, String> failures() {
    return Map.copyOf(failures);
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
