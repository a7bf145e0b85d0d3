package io.claviger.bench;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.localmesh.LocalMesh;
import java.time.Duration;
import java.util.List;

/** The first pod of each service account: for every request a broker opens a session at STS. */
final class ColdScenario implements LoadScenario {

  private static final Duration STS = Duration.ofMillis(50);
  private static final double MAX_P99_MILLIS = 1_000;

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public String what() {
    return "the first pod of each service account: a call of STS, which takes "
        + STS.toMillis()
        + " ms, for every request";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    List<Integer> rates = context.quick() ? List.of(20) : List.of(100, 200, 400);
    int seconds = context.choose(2, 8);
    try (LocalMesh mesh = context.start(options -> options.withMembers(2, 2));
        LoadGenerator generator = LoadGenerator.start()) {
      long ready = System.nanoTime();
      StsWarmUp.of(mesh);
      mesh.sts().behaviour().latency(STS);
      Accounts pods = new Accounts(mesh);
      context.settle(ready);
      RateSteps steps = new RateSteps(mesh, context, generator);
      for (int round = 1; round <= context.roundsOrOne(); round++) {
        for (int rate : rates) {
          int count = rate * seconds;
          String generation = "cold-" + round + "-" + rate;
          pods.associate(generation, count);
          steps.measure(rate, count, pods.onePodEach(generation, count, generation, count));
        }
      }
      String most = RateSteps.name(rates.getLast());
      return new LoadResult(
          name(),
          what(),
          List.of(
              Aim.atMost("p99, " + most + ",", MAX_P99_MILLIS, "ms", steps.p99(most)),
              Aim.atMost(
                  "calls of STS a service account,",
                  1,
                  "",
                  steps.median(most, RateSteps.Step::callsEach))),
          steps.figures(),
          steps.charts("Sessions from STS"),
          steps.broken());
    }
  }
}
