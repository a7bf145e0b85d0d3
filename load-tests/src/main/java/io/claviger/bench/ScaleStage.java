package io.claviger.bench;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.OperatorApi;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eks.EksClient;

/** Measures, step by step, a mesh with a given number of edges. */
final class ScaleStage {

  private static final String GENERATION = "scale";
  private static final int BROKERS = 3;
  private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(90);

  private final LoadContext context;
  private final LocalMesh mesh;
  private final VirtualEdges edges;
  private final MeshUsage usage;
  private final int count;

  /**
   * The measurements.
   *
   * @param edges number of edges
   * @param connecting until all were logged in at two brokers
   * @param idleCores processor use of all brokers while edges only send heartbeats
   * @param first requests with tokens that are new to brokers, for sessions that brokers have
   * @param withoutSession edges that had no session when the role changed
   * @param change when each edge received a role change, from before the operator's call
   * @param changed requests for the session of that role
   * @param again requests with tokens that brokers have cached
   * @param perCore requests a second for each processor that brokers used for them; 0: no more than
   *     when idle
   * @param death of a broker
   */
  record Measured(
      int edges,
      Connecting connecting,
      double idleCores,
      LoadRun first,
      int withoutSession,
      LoadRun change,
      LoadRun changed,
      LoadRun again,
      double perCore,
      Death death) {}

  /**
   * All edges connect at once.
   *
   * @param seconds until all were logged in at two brokers
   * @param seen the state of the edges then
   * @param millisEach processor time of brokers for a connection
   * @param heapKilobytesEach growth of reachable objects in brokers' heaps for a connection
   * @param before the brokers' memory before
   * @param after the brokers' memory after
   */
  record Connecting(
      double seconds,
      LinkWatch.Seen seen,
      double millisEach,
      double heapKilobytesEach,
      Memory before,
      Memory after) {}

  /**
   * The memory of all brokers together, after a collection.
   *
   * @param heapMegabytes reachable objects in their heaps
   * @param residentMegabytes resident memory without pages of files
   */
  record Memory(double heapMegabytes, double residentMegabytes) {}

  /**
   * A broker was killed, and started again.
   *
   * @param seconds until all edges were logged in at two brokers again
   * @param seen the state of the edges then
   * @param without edges that were at no broker at some time, until the new broker had its share of
   *     them
   */
  record Death(double seconds, LinkWatch.Seen seen, int without) {}

  private ScaleStage(LoadContext context, LocalMesh mesh, VirtualEdges edges, int count) {
    this.context = context;
    this.mesh = mesh;
    this.edges = edges;
    this.usage = new MeshUsage(mesh);
    this.count = count;
  }

  /**
   * Measures in a mesh of its own.
   *
   * @throws MeshException when the mesh does not start, or so many edges are not possible
   */
  static Measured measure(LoadContext context, int count) throws InterruptedException {
    try (LocalMesh mesh = context.start(options -> options.withMembers(BROKERS, 0))) {
      long ready = System.nanoTime();
      Accounts accounts = new Accounts(mesh);
      accounts.associate(GENERATION, 1);
      context.progress().accept(String.format(Locale.ROOT, "starting %,d virtual edges", count));
      try (VirtualEdges edges =
          VirtualEdges.start(
              mesh, count, 1, Accounts.NAMESPACE, List.of(Accounts.name(GENERATION, 0)))) {
        context.settle(ready);
        return new ScaleStage(context, mesh, edges, count).measure();
      }
    }
  }

  private Measured measure() throws InterruptedException {
    int rate = context.choose(20, 500);
    Connecting connecting = connect();
    LoadRun shared = edges.ask(1, 1);
    if (shared.failed() > 0) {
      throw new MeshException(
          "the shared session is not served: "
              + shared.statuses()
              + "; "
              + connecting.seen().missing()
              + " edges are not at two brokers after "
              + (long) connecting.seconds()
              + " s");
    }
    LoadRun first = edges.ask(rate, count);
    report("first", first);
    int withSession = edges.sessions(rate);
    if (withSession == 0) {
      throw new MeshException("none of " + count + " edges has a session");
    }
    LoadRun change = change();
    report("change", change);
    LoadRun changed = edges.ask(rate, count);
    report("changed", changed);
    double idleBefore = idleCores();
    long millis = brokerMillis();
    LoadRun again = edges.ask(rate, rate * context.choose(2, 20));
    double busy = brokerMillis() - millis;
    report("again", again);
    // Brokers' other work decreases over time, such as that of the JIT compiler.
    double idleCores = Math.min(idleBefore, idleCores());
    return new Measured(
        count,
        connecting,
        idleCores,
        first,
        count - withSession,
        change,
        changed,
        again,
        perCore(again, busy - idleCores * again.millis()),
        killOne());
  }

  private static double perCore(LoadRun run, double takenMillis) {
    return takenMillis > 0 ? 1_000.0 * run.served() / takenMillis : 0;
  }

  private Connecting connect() throws InterruptedException {
    Memory before = memory();
    long millis = brokerMillis();
    Instant begin = Instant.now();
    LinkWatch.Seen seen = edges.connect();
    double seconds = seconds(begin, seen);
    long taken = brokerMillis() - millis;
    Memory after = memory();
    int connections = Math.max(1, 2 * count - seen.missing());
    Connecting connecting =
        new Connecting(
            seconds,
            seen,
            (double) taken / connections,
            1_000 * (after.heapMegabytes() - before.heapMegabytes()) / connections,
            before,
            after);
    context.progress().accept("connected: " + connecting);
    return connecting;
  }

  private static double seconds(Instant begin, LinkWatch.Seen seen) {
    long end =
        seen.atMicros() == 0
            ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())
            : seen.atMicros();
    return (end - ChronoUnit.MICROS.between(Instant.EPOCH, begin)) / 1e6;
  }

  private double idleCores() throws InterruptedException {
    long start = System.nanoTime();
    long millis = brokerMillis();
    TimeUnit.SECONDS.sleep(context.choose(1, 15));
    return (double) (brokerMillis() - millis)
        / TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private LoadRun change() {
    try {
      return edges.forgottenSince(changeRole());
    } catch (SdkException e) {
      throw new MeshException("a role could not be changed: " + e.getMessage(), e);
    }
  }

  /** Changes the role; returns the time before the call. */
  private Instant changeRole() {
    try (EksClient operator = OperatorApi.of(mesh, mesh.broker(1), CHANGE_TIMEOUT)) {
      String cluster = mesh.options().cluster().name();
      String id =
          operator
              .listPodIdentityAssociations(
                  request ->
                      request
                          .clusterName(cluster)
                          .namespace(Accounts.NAMESPACE)
                          .serviceAccount(Accounts.name(GENERATION, 0)))
              .associations()
              .getFirst()
              .associationId();
      Instant begin = Instant.now();
      operator.updatePodIdentityAssociation(
          request ->
              request
                  .clusterName(cluster)
                  .associationId(id)
                  .roleArn(Accounts.role(mesh, GENERATION + "-changed", 0)));
      return begin;
    }
  }

  private Death killOne() throws InterruptedException {
    Member broker = mesh.broker(BROKERS).member();
    edges.watch();
    Instant begin = Instant.now();
    broker.kill();
    LinkWatch.Seen back = edges.linked(begin);
    double seconds = seconds(begin, back);
    broker.start();
    broker.awaitReady(BROKER_TIMEOUT);
    // Every 20 s edges check for a broker that they prefer, and move one connection after the
    // other.
    TimeUnit.SECONDS.sleep(context.choose(1, 60));
    Death death = new Death(seconds, back, edges.linked(begin).without());
    context.progress().accept("a broker was killed: " + death);
    return death;
  }

  private void report(String step, LoadRun run) {
    context
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s: p50 %.1f ms, p99 %.1f ms, longest %.0f ms, %s",
                step,
                run.within(50),
                run.within(99),
                run.within(100),
                run.statuses()));
  }

  private long brokerMillis() {
    return usage.cpu().getOrDefault("broker", new CpuUsage(Map.of())).total();
  }

  private Memory memory() throws InterruptedException {
    double heap = 0;
    double resident = 0;
    for (BrokerMember broker : mesh.brokers()) {
      long pid = broker.member().pid();
      // jcmd collects garbage first, so read the heap before the resident memory.
      heap += LiveHeap.megabytes(pid, mesh.options().directory());
      resident += ResidentMemory.ownMegabytes(pid);
    }
    return new Memory(heap, resident);
  }
}
