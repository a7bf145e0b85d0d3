package io.claviger.bench;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.localmesh.LocalMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * AWS's gate for EKS Pod Identity, at a mesh that has just started. 5,000 pods are created at 200 a
 * second, with one cold fetch each and no retries. 99.9 % have to be served within a second.
 * Several pods of each service account run, on all edges.
 */
final class AwsGateScenario implements LoadScenario {

  private static final Duration STS = Duration.ofMillis(50);
  private static final double MAX_P999_MILLIS = 1_000;
  private static final String FRESH = "a fresh mesh";

  @Override
  public String name() {
    return "aws-gate";
  }

  @Override
  public String what() {
    return "AWS's gate: 5,000 new pods, 200 a second, five of each service account, no retries";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    int pods = context.choose(60, 5_000);
    int accounts = pods / 5;
    int rate = context.choose(20, 200);
    try (LocalMesh mesh = context.start(options -> options.withMembers(2, 2));
        LoadGenerator generator = LoadGenerator.start()) {
      long ready = System.nanoTime();
      StsWarmUp.of(mesh);
      mesh.sts().behaviour().latency(STS);
      Accounts gate = new Accounts(mesh);
      gate.associate("fresh", accounts);
      Path fresh = gate.onePodEach("fresh", accounts, "fresh", pods);
      context.settle(ready);
      RateSteps steps = new RateSteps(mesh, context, generator);
      steps.measure(FRESH, rate, pods, fresh);
      steps.measure("the same pods again", rate, pods, fresh);
      gate.associate("new", accounts);
      steps.measure(
          "new service accounts", rate, pods, gate.onePodEach("new", accounts, "new", pods));
      return new LoadResult(
          name(),
          what(),
          List.of(
              Aim.atMost(
                  "p99.9, " + FRESH + ",",
                  MAX_P999_MILLIS,
                  "ms",
                  steps.median(FRESH, step -> step.run().within(99.9))),
              Aim.atMost(
                  "calls of STS a service account, " + FRESH + ",",
                  1,
                  "",
                  steps.median(FRESH, RateSteps.Step::callsEach) * pods / accounts)),
          steps.figures(),
          steps.charts("AWS's gate"),
          steps.broken());
    }
  }
}
