package io.claviger.bench;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hours of a mesh's life at a smaller time scale. Sessions live an hour, and every pod fetches
 * twice an hour, as AWS SDKs do. The target is two STS calls an hour for each service account,
 * whatever the number of its pods and nodes.
 */
final class SteadyScenario implements LoadScenario {

  private static final String GENERATION = "steady";
  private static final int PODS = 10;

  /** Number of nodes with pods of one service account. */
  private static final int NODES_EACH = 2;

  private static final int HOURS = 2;

  /** Time for the programs to warm up. */
  private static final int MAX_HALF_HOURS = 6;

  private static final Duration MIN_REMAINING = Duration.ofSeconds(1);
  private static final double MAX_OF_ARITHMETIC = 1.05;

  @Override
  public String name() {
    return "steady";
  }

  @Override
  public String what() {
    return "10,000 service accounts of 10 pods that fetch twice an hour; an hour lasts five minutes";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    int accounts = context.choose(40, 10_000);
    Duration hour = Duration.ofSeconds(context.choose(6, 300));
    int edges = context.choose(2, 10);
    try (LocalMesh mesh = context.start(options -> scaled(options.withMembers(2, edges), hour));
        LoadGenerator generator = LoadGenerator.start()) {
      long ready = System.nanoTime();
      mesh.sts().behaviour().sessionDuration(hour);
      Accounts pods = new Accounts(mesh);
      pods.associate(GENERATION, accounts);
      Path plan = plan(mesh, pods, accounts);
      context.settle(ready);
      int rate = (int) (2L * accounts * PODS * 1_000 / hour.toMillis());
      untilAllAreServed(
          context, generator, plan, LoadShape.onNewConnections(rate, 1L * accounts * PODS));
      SteadySamples samples = new SteadySamples(mesh, context);
      generator.begin(plan, LoadShape.onNewConnections(rate, 2L * HOURS * accounts * PODS));
      long start = System.nanoTime();
      for (int quarter = 0; quarter <= 4 * HOURS; quarter++) {
        long due = start + quarter * hour.toNanos() / 4;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        samples.take();
      }
      LoadRun run = generator.await();
      double arithmetic = 2.0 * accounts / hour.toSeconds();
      return new LoadResult(
          name(),
          what(),
          List.of(
              Aim.atMost(
                  "calls of STS, of the arithmetic's,",
                  MAX_OF_ARITHMETIC,
                  "",
                  samples.callsPerSecond() / arithmetic)),
          samples.figures(run, arithmetic),
          samples.charts(run, arithmetic),
          run.failed() == 0
              ? List.of()
              : List.of(run.failed() + " requests were not served: " + run.statuses()));
    }
  }

  /**
   * Runs half hours, six at most, until all pods are served in one. In the first one brokers open
   * all sessions, while the JIT compilers use the same processors.
   */
  private static void untilAllAreServed(
      LoadContext context, LoadGenerator generator, Path plan, LoadShape halfHour)
      throws InterruptedException {
    long failed = 1;
    for (int i = 1; i <= MAX_HALF_HOURS && failed > 0; i++) {
      failed = generator.run(plan, halfHour).failed();
      context
          .progress()
          .accept(
              String.format(
                  Locale.ROOT, "half hour %d before: %,d requests were not served", i, failed));
    }
  }

  private static Path plan(LocalMesh mesh, Accounts pods, int accounts) {
    List<EdgeMember> edges = mesh.edges();
    return pods.plan(
        GENERATION,
        IntStream.range(0, accounts * PODS)
            .parallel()
            .mapToObj(
                i -> {
                  int account = i / PODS;
                  int node = (account + i % NODES_EACH) % edges.size();
                  return pods.request(GENERATION, account, "steady-" + i, edges.get(node));
                })
            .collect(Collectors.toList()));
  }

  /** Scales the settings of brokers and edges that depend on an hour. */
  private static MeshOptions scaled(MeshOptions options, Duration hour) {
    String minRemaining = MIN_REMAINING.toSeconds() + "s";
    return options
        .withBrokerSetting("issuance.min-remaining", minRemaining)
        .withEdgeSetting("credentials.min-remaining", minRemaining)
        .withEdgeSetting("credentials.alarm", hour.dividedBy(4).toMillis() + "ms")
        .withEdgeSetting("limits.workloads", "3000")
        .withEdgeSetting("limits.tokens", "12000");
  }
}
