package io.claviger.bench;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import java.nio.file.Path;
import java.util.List;

/**
 * New pods of service accounts whose sessions brokers share and edges do not cache. To keep it so,
 * edges have small caches, and requests are for many service accounts in random order. Each request
 * is of a new pod and has a new token.
 */
final class MissScenario implements LoadScenario {

  private static final String GENERATION = "miss";
  private static final double MAX_P99_MILLIS = 5;

  /** STS allows 600 calls a second; the sessions are opened slowly before the measurement. */
  private static final int OPENED_PER_SECOND = 150;

  private static final int OPENED_AGAIN = 10;

  /** A limit of the edges: one request in forty finds its session in memory. */
  private static final String CACHED = "100";

  @Override
  public String name() {
    return "miss";
  }

  @Override
  public String what() {
    return "new pods whose service accounts' sessions are at brokers, and not at their edge";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    int accounts = context.choose(200, 4_000);
    List<Integer> rates = context.quick() ? List.of(25, 50) : List.of(500, 1_000, 2_000);
    int seconds = context.choose(1, 10);
    try (LocalMesh mesh =
            context.start(
                options ->
                    options
                        .withMembers(2, 2)
                        .withEdgeSetting("limits.workloads", context.quick() ? "5" : CACHED)
                        .withEdgeSetting("limits.tokens", CACHED));
        LoadGenerator generator = LoadGenerator.start()) {
      long ready = System.nanoTime();
      Accounts pods = new Accounts(mesh);
      pods.associate(GENERATION, accounts);
      open(generator, pods.onePodEach(GENERATION, accounts, "first", accounts), accounts);
      context.settle(ready);
      RateSteps steps = new RateSteps(mesh, context, generator);
      for (int round = 1; round <= context.roundsOrOne(); round++) {
        for (int rate : rates) {
          int count = rate * seconds;
          String name = "round-" + round + "-" + rate;
          steps.measure(rate, count, pods.onePodEach(GENERATION, accounts, name, count));
        }
      }
      String most = RateSteps.name(rates.getLast());
      return new LoadResult(
          name(),
          what(),
          List.of(Aim.atMost("p99, " + most + ",", MAX_P99_MILLIS, "ms", steps.p99(most))),
          steps.figures(),
          steps.charts("Sessions from brokers"),
          steps.broken());
    }
  }

  /**
   * Opens the sessions. Programs that have just started answer some pods with errors. So it repeats
   * until no session is left that would be opened during the measurement.
   */
  private static void open(LoadGenerator generator, Path pods, int accounts)
      throws InterruptedException {
    LoadShape once = LoadShape.onNewConnections(OPENED_PER_SECOND, accounts);
    LoadRun run = generator.run(pods, once);
    for (int again = 0; run.failed() > 0 && again < OPENED_AGAIN; again++) {
      run = generator.run(pods, once);
    }
    if (run.failed() > 0) {
      throw new MeshException("brokers cannot open all sessions: " + run.statuses());
    }
  }
}
