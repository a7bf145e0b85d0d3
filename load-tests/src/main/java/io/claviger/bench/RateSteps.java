package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Point;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Figure;
import io.claviger.localmesh.LocalMesh;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Loads a mesh in steps, several times, each request on a new connection. */
final class RateSteps {

  private static final List<String> PROGRAMS = List.of("edge", "broker", "kafka", "sts");

  private final LocalMesh mesh;
  private final LoadContext context;
  private final LoadGenerator generator;
  private final MeshUsage usage;
  private final List<Step> all = new ArrayList<>();

  /**
   * The results of one step.
   *
   * @param name the same in each round
   * @param cpu milliseconds by program
   * @param asked requests that edges have sent to brokers
   * @param assumeRole calls of STS
   */
  record Step(String name, LoadRun run, Map<String, CpuUsage> cpu, long asked, long assumeRole) {

    double microsEach(String program) {
      CpuUsage taken = cpu.get(program);
      return taken == null ? 0 : 1_000.0 * taken.total() / run.requests();
    }

    double cores() {
      return (double) cpu.values().stream().mapToLong(CpuUsage::total).sum() / run.millis();
    }

    double callsEach() {
      return (double) assumeRole / run.requests();
    }

    double askedPercent() {
      return 100.0 * asked / run.requests();
    }
  }

  RateSteps(LocalMesh mesh, LoadContext context, LoadGenerator generator) {
    this.mesh = mesh;
    this.context = context;
    this.generator = generator;
    this.usage = new MeshUsage(mesh);
  }

  /** Sends requests of a plan at a rate, which is the step's name. */
  void measure(int rate, long count, Path plan) throws InterruptedException {
    measure(name(rate), rate, count, plan);
  }

  /** Sends requests of a plan. */
  void measure(String name, int rate, long count, Path plan) throws InterruptedException {
    long calls = mesh.sts().ledger().assumeRoleCalls();
    long asked = usage.requestsOfBrokers();
    Map<String, CpuUsage> before = usage.cpu();
    LoadRun run = generator.run(plan, LoadShape.onNewConnections(rate, count));
    Step step =
        new Step(
            name,
            run,
            usage.cpuSince(before),
            usage.requestsOfBrokers() - asked,
            mesh.sts().ledger().assumeRoleCalls() - calls);
    all.add(step);
    context
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s: p50 %.2f ms, p99 %.2f ms, longest %.0f ms, %.1f %% by brokers, %s",
                name,
                run.within(50),
                run.within(99),
                run.within(100),
                step.askedPercent(),
                run.statuses()));
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    for (String of : names()) {
      figures.add(new Figure(of, "p50", median(of, step -> step.run().within(50)), "ms"));
      figures.add(new Figure(of, "p99", p99(of), "ms"));
      figures.add(new Figure(of, "p99.9", median(of, step -> step.run().within(99.9)), "ms"));
      figures.add(new Figure(of, "longest", median(of, step -> step.run().within(100)), "ms"));
      figures.add(new Figure(of, "requests to brokers", median(of, Step::askedPercent), "%"));
      figures.add(new Figure(of, "calls of STS a request", median(of, Step::callsEach), ""));
      for (String program : PROGRAMS) {
        figures.add(
            new Figure(
                of,
                "processor time a request, " + program,
                median(of, step -> step.microsEach(program)),
                "us"));
      }
      figures.add(new Figure(of, "processors, all of these", median(of, Step::cores), "cores"));
    }
    return figures;
  }

  List<Chart> charts(String title) {
    return List.of(
        new Chart(
            Kind.PERCENTILES,
            title + ": latency",
            "ms",
            names().stream().map(name -> Series.percentiles(name, together(name))).toList()),
        new Chart(
            Kind.BARS,
            title + ": processor time a request, " + names().getLast(),
            "us",
            PROGRAMS.stream()
                .map(
                    program ->
                        new Series(
                            program,
                            List.of(
                                new Point(
                                    0,
                                    median(names().getLast(), step -> step.microsEach(program))))))
                .toList()));
  }

  /** The failures as sentences. */
  List<String> broken() {
    return all.stream()
        .filter(step -> step.run().failed() > 0)
        .map(
            step ->
                step.run().failed()
                    + " requests were not served: "
                    + step.name()
                    + ", "
                    + step.run().statuses())
        .toList();
  }

  double p99(String name) {
    return median(name, step -> step.run().within(99));
  }

  double median(String name, ToDoubleFunction<Step> value) {
    return LoadResult.median(of(name).stream().map(value::applyAsDouble).toList());
  }

  private List<Step> of(String name) {
    return all.stream().filter(step -> step.name().equals(name)).toList();
  }

  private List<String> names() {
    return all.stream().map(Step::name).distinct().toList();
  }

  static String name(int rate) {
    return String.format(Locale.ROOT, "%,d a second", rate);
  }

  private Histogram together(String name) {
    Histogram sum = new Histogram(3);
    of(name).forEach(step -> sum.add(step.run().micros()));
    return sum;
  }
}
