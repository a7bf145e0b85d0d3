package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * All pods of all nodes send requests at once, as after a power failure of a data centre. It
 * measures a running mesh first. Then Kafka, brokers and edges are killed together, and start while
 * pods send requests.
 */
final class RestartScenario implements LoadScenario {

  private static final String GENERATION = "restart";
  private static final int BROKERS = 3;
  private static final Duration SERVED_WITHIN = Duration.ofMinutes(10);
  private static final double MAX_OF_ACCOUNTS = 1.05;

  /**
   * The results of all pods.
   *
   * @param served how long each pod waited, from the beginning on
   * @param calls of AssumeRole meanwhile
   */
  private record Step(String name, LoadRun served, long calls) {}

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String what() {
    return "5,000 pods of 50 service accounts on 50 nodes fetch at once after a total restart";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    int accounts = context.choose(5, 50);
    int edges = context.choose(4, 50);
    int podsEach = context.choose(10, 100);
    try (LocalMesh mesh = context.start(options -> options.withMembers(BROKERS, 0))) {
      long ready = System.nanoTime();
      new Accounts(mesh).associate(GENERATION, accounts);
      List<String> names =
          IntStream.range(0, accounts).mapToObj(i -> Accounts.name(GENERATION, i)).toList();
      try (VirtualEdges before =
              VirtualEdges.start(mesh, edges, podsEach, Accounts.NAMESPACE, names);
          VirtualEdges afterwards =
              VirtualEdges.start(mesh, edges, podsEach, Accounts.NAMESPACE, names)) {
        context.settle(ready);
        Step running = step(context, mesh, "at a mesh that runs", before, Instant.now(), () -> {});
        Instant begin = Instant.now();
        mesh.brokers().stream().map(BrokerMember::member).forEach(Member::kill);
        mesh.kafka().kill();
        before.close();
        Step restarted =
            step(context, mesh, "everything was killed", afterwards, begin, mesh::startAgain);
        return result(accounts, running, restarted);
      }
    }
  }

  private static Step step(
      LoadContext context,
      LocalMesh mesh,
      String name,
      VirtualEdges edges,
      Instant begin,
      Runnable meanwhile) {
    long calls = mesh.sts().ledger().assumeRoleCalls();
    edges.serveAll(begin, SERVED_WITHIN);
    meanwhile.run();
    LoadRun served = edges.served(SERVED_WITHIN);
    Step step = new Step(name, served, mesh.sts().ledger().assumeRoleCalls() - calls);
    context
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s: %s, the last after %.1f s, %d calls of AssumeRole",
                name,
                served.statuses(),
                served.within(100) / 1_000,
                step.calls));
    return step;
  }

  private LoadResult result(int accounts, Step running, Step restarted) {
    List<Figure> figures = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (Step step : List.of(running, restarted)) {
      LoadRun served = step.served;
      figures.add(new Figure(step.name, "pods", served.requests(), ""));
      figures.add(new Figure(step.name, "p50", served.within(50), "ms"));
      figures.add(new Figure(step.name, "p99", served.within(99), "ms"));
      figures.add(new Figure(step.name, "longest", served.within(100), "ms"));
      figures.add(new Figure(step.name, "calls of AssumeRole", step.calls, ""));
      if (served.failed() > 0) {
        broken.add(
            step.name + ": " + served.failed() + " pods were not served: " + served.statuses());
      }
    }
    return new LoadResult(
        name(),
        what(),
        List.of(
            Aim.atMost(
                "calls of AssumeRole for a service account, everything was killed,",
                MAX_OF_ACCOUNTS,
                "",
                (double) restarted.calls / accounts)),
        figures,
        List.of(
            new Chart(
                Kind.PERCENTILES,
                "Until a pod is served",
                "ms",
                List.of(
                    Series.percentiles(running.name, running.served.micros()),
                    Series.percentiles(restarted.name, restarted.served.micros())))),
        broken);
  }
}
