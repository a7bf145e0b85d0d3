package io.claviger.bench;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.localmesh.TokenRequest;
import io.claviger.schemas.bus.PodReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many edges that connect to a mesh's brokers with the edge's own code, in a process of their own.
 * Each has a node of its own, with pods of its own.
 */
final class VirtualEdges implements AutoCloseable {

  /** A longer time would be too late for any pod. */
  private static final Duration LINKED_WITHIN = Duration.ofMinutes(4);

  private static final Duration FORGOTTEN_WITHIN = Duration.ofSeconds(20);

  /** Additional time for a slow machine. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** For each edge: two connections, and a third during a replacement. */
  private static final int FILES_EACH = 3;

  private static final int OTHER_FILES = 500;
  private static final List<String> JVM = List.of("-Xmx3g", "-XX:+UseParallelGC");

  private final WorkerProcess worker;
  private final int count;

  private VirtualEdges(WorkerProcess worker, int count) {
    this.worker = worker;
    this.count = count;
  }

  /** The maximum number of open files of this many edges, including connections. */
  static long files(int count) {
    return (long) FILES_EACH * count + OTHER_FILES;
  }

  /**
   * Starts their process; they do not connect yet.
   *
   * @param podsEach pods of each
   * @param namespace of their pods
   * @param serviceAccounts of their pods, in turn
   * @throws io.claviger.localmesh.MeshException when so many are not possible
   */
  static VirtualEdges start(
      LocalMesh mesh, int count, int podsEach, String namespace, List<String> serviceAccounts) {
    Path directory = PrivateFiles.directory(mesh.options().directory().resolve("virtual-edges"));
    String lines =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(
                i -> {
                  String node = "virtual-" + i;
                  List<VirtualEdgePlan.Pod> pods =
                      IntStream.range(i * podsEach, (i + 1) * podsEach)
                          .mapToObj(
                              pod ->
                                  TokenRequest.ofPod(
                                      namespace,
                                      serviceAccounts.get(pod % serviceAccounts.size()),
                                      "pod-" + pod,
                                      node))
                          .map(pod -> pod(pod, mesh.token(pod)))
                          .toList();
                  return plan(mesh, directory, node, pods).line();
                })
            .collect(Collectors.joining("\n"));
    String bridges =
        mesh.brokers().stream()
            .map(broker -> broker.bridge().toString())
            .collect(Collectors.joining(","));
    Path plan =
        PrivateFiles.write(
            directory.resolve("plan"),
            mesh.keys().authorities() + "\n" + bridges + "\n" + lines + "\n");
    return new VirtualEdges(
        WorkerProcess.start(
            "the process of the virtual edges", VirtualEdgesProgram.class, JVM, plan.toString()),
        count);
  }

  private static VirtualEdgePlan.Pod pod(TokenRequest pod, String token) {
    return new VirtualEdgePlan.Pod(
        new PodReport.Pod(pod.namespace(), pod.pod(), pod.podUid()), pod.serviceAccount(), token);
  }

  private static VirtualEdgePlan plan(
      LocalMesh mesh, Path directory, String node, List<VirtualEdgePlan.Pod> pods) {
    Path token =
        PrivateFiles.write(
            directory.resolve(node + ".token"), mesh.token(TokenRequest.ofEdge(node, node)));
    return new VirtualEdgePlan(node, token, pods);
  }

  /** Connects all at once; waits until each is logged in at two brokers. */
  LinkWatch.Seen connect() {
    Instant begin = Instant.now();
    answer("connect", Duration.ZERO);
    LinkWatch.Seen seen = linked(begin);
    answer("unwatch", Duration.ZERO);
    return seen;
  }

  /**
   * Connects all edges. Every pod sends requests until it is served, a second after each failure.
   *
   * @param limit from now on
   */
  void serveAll(Instant since, Duration limit) {
    worker.ask("serve " + micros(since) + " " + limit.toMillis());
  }

  /**
   * How long after that time each pod was served; a pod that was not served by the limit is silent.
   */
  LoadRun served(Duration limit) {
    return LoadRun.parse(worker.next(limit.plus(SILENCE)));
  }

  private String answer(String command, Duration length) {
    worker.ask(command);
    return worker.next(length.plus(SILENCE));
  }

  /** Starts to check at how many brokers each edge is logged in. */
  void watch() {
    answer("watch", Duration.ZERO);
  }

  /** Waits until edges have lost a broker after that time and all are at two again. */
  LinkWatch.Seen linked(Instant since) {
    return LinkWatch.Seen.parse(
        answer("linked " + micros(since) + " " + LINKED_WITHIN.toMillis(), LINKED_WITHIN));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Edges request their pods' sessions in turn, at a rate. */
  LoadRun ask(int rate, int requests) {
    return LoadRun.parse(
        answer("ask " + rate + " " + requests, Duration.ofSeconds(requests / rate + 1)));
  }

  /** Edges without a session request one, at a rate; returns how many then have one. */
  int sessions(int rate) {
    return Integer.parseInt(answer("sessions " + rate, Duration.ofSeconds(count / rate + 1)));
  }

  /**
   * How long after that time each edge dropped its session. An edge that did not counts as silent.
   * An edge that had no session at {@link #sessions} does not count.
   */
  LoadRun forgottenSince(Instant since) {
    return LoadRun.parse(
        answer("forgotten " + micros(since) + " " + FORGOTTEN_WITHIN.toMillis(), FORGOTTEN_WITHIN));
  }

  @Override
  public void close() throws InterruptedException {
    worker.close();
  }
}
