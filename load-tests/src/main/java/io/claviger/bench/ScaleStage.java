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

/** What a mesh takes for, and does with, so many edges: measured once, step after step. */
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
   * What was measured of so many edges.
   *
   * @param edges how many
   * @param connecting until all were logged in at two brokers
   * @param idleCores what all brokers take while edges only show that they are there
   * @param first requests with tokens that brokers had not seen, for sessions that they had
   * @param withoutSession edges that had none when the role was changed
   * @param change when each edge had heard of another role, from before the operator's call
   * @param changed requests for the session of that role
   * @param again requests with tokens that brokers had seen
   * @param perCore requests a second for each processor that brokers took for them; 0: they took no
   *     more than when idle
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
   * That all edges connected at once.
   *
   * @param seconds until all were logged in at two brokers
   * @param seen of them then
   * @param millisEach processor time of brokers for a connection
   * @param heapKilobytesEach what is reachable in brokers' heaps, more than before, for a
   *     connection
   * @param before what brokers had before
   * @param after what they had then
   */
  record Connecting(
      double seconds,
      LinkWatch.Seen seen,
      double millisEach,
      double heapKilobytesEach,
      Memory before,
      Memory after) {}

  /**
   * What all brokers together have, after a collection.
   *
   * @param heapMegabytes what is reachable in their heaps
   * @param residentMegabytes of the machine's, without what is a file's
   */
  record Memory(double heapMegabytes, double residentMegabytes) {}

  /**
   * That a broker was killed, and started again.
   *
   * @param seconds until all edges were logged in at two brokers again
   * @param seen of them then
   * @param without edges that were seen at no broker until it had its part of them again
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
   * Measures, at a mesh of its own.
   *
   * @throws MeshException when there is no mesh, or there cannot be so many edges
   */
  static Measured measure(LoadContext context, int count) throws InterruptedException {
    try (LocalMesh mesh = context.start(options -> options.withMembers(BROKERS, 0))) {
      long ready = System.nanoTime();
      Accounts accounts = new Accounts(mesh);
      accounts.associate(GENERATION, 1);
      context.progress().accept(String.format(Locale.ROOT, "%,d virtual edges are started", count));
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
          "the session that all share is not served: "
              + shared.statuses()
              + "; "
              + connecting.seen().missing()
              + " are not at two brokers after "
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
    // What else brokers do becomes less with their age: the compiler's work, for one.
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

  /** Changes it; from before the call on. */
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
    // Edges look every 20 s for a broker that they prefer, and move one connection after the other.
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
      // This collects first.
      heap += LiveHeap.megabytes(pid, mesh.options().directory());
      resident += ResidentMemory.ownMegabytes(pid);
    }
    return new Memory(heap, resident);
  }
}
