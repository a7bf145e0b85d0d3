package io.claviger.attack;

import io.claviger.bench.LoadGenerator;
import io.claviger.bench.LoadGenerator.Line;
import io.claviger.bench.LoadShape;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Pods that are not part of an attack. They send requests to the first edge at a fixed rate, each
 * on a new connection, without retries, and from other addresses than the attacker's. The edge has
 * their sessions in its cache. Each second there is also a new pod, for which the edge requests a
 * session from a broker. The new pod retries as an SDK does if it is not served at once.
 */
final class Bystanders implements AutoCloseable {

  static final String NAMESPACE = "bystanders";

  private static final List<String> ACCOUNTS = List.of("one", "two", "three");
  private static final Duration START = Duration.ofSeconds(60);

  /** A little longer than the generator's timeout for an answer. */
  private static final Duration LAST_ANSWER = Duration.ofSeconds(12);

  private final LoadGenerator generator = LoadGenerator.start();
  private final NewPods newPods;
  private final Map<Long, Line> lines = new ConcurrentHashMap<>();
  private final long periodNanos;

  /**
   * The results of these pods.
   *
   * @param asked requests of pods whose sessions the edge has cached, and of new pods
   * @param unserved of these, without credentials
   * @param p99 99th percentile of the times of cached answers in milliseconds, from when each
   *     request was due
   */
  record Fared(long asked, long unserved, double p99) {}

  /** Starts the requests; each pod has been served once when this returns. */
  Bystanders(LocalMesh mesh, int rate) throws InterruptedException {
    periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    try {
      newPods = begin(mesh, rate);
    } catch (RuntimeException | InterruptedException e) {
      generator.close();
      throw e;
    }
  }

  private NewPods begin(LocalMesh mesh, int rate) throws InterruptedException {
    AttackPods pods = AttackPods.associated(mesh, NAMESPACE, ACCOUNTS);
    EdgeMember edge = mesh.edge(1);
    List<String> plan = new ArrayList<>();
    for (String account : ACCOUNTS) {
      for (String pod : List.of("-a", "-b")) {
        String token = pods.token(account, account + pod, edge);
        pods.served(edge, token);
        plan.add(edge.listen().port() + " " + token);
      }
    }
    Path file =
        PrivateFiles.write(
            mesh.options().directory().resolve("bystanders.plan"), String.join("\n", plan));
    generator.begin(
        file,
        LoadShape.onNewConnections(rate, Long.MAX_VALUE),
        line -> lines.put(line.number(), line));
    if (!Polling.within(START).until(() -> !lines.isEmpty())) {
      throw new MeshException("the load generator has not begun to send requests");
    }
    return new NewPods(pods, edge, ACCOUNTS.getFirst());
  }

  /** The results of requests that were due in this time; waits for the last answers. */
  Fared between(Instant from, Instant to) throws InterruptedException {
    Line known =
        lines.values().stream()
            .findAny()
            .orElseThrow(() -> new MeshException("the load generator has stopped sending"));
    long first = known.number() + periods(known.due(), from) + 1;
    long last = known.number() + periods(known.due(), to);
    Polling.within(LAST_ANSWER).until(() -> !isMissing(first, last));
    Histogram micros = new Histogram(3);
    long served = 0;
    for (long number = first; number <= last; number++) {
      Line line = lines.get(number);
      if (line != null) {
        micros.recordValue(Math.max(0, line.micros()));
        served += line.status() == 200 ? 1 : 0;
      }
    }
    lines.keySet().removeIf(number -> number < last);
    NewPods.Fared came = newPods.between(from, to);
    long asked = last - first + 1;
    return new Fared(
        asked + came.pods(),
        asked - served + came.unserved(),
        micros.getValueAtPercentile(99) / 1e3);
  }

  private long periods(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / periodNanos;
  }

  private boolean isMissing(long first, long last) {
    for (long number = first; number <= last; number++) {
      if (!lines.containsKey(number)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws InterruptedException {
    try {
      newPods.close();
    } finally {
      generator.close();
    }
  }
}
