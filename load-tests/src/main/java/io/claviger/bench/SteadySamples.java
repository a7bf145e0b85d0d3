package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Point;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Figure;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Repeated samples of a mesh's resources and work. */
final class SteadySamples {

  private static final List<String> PROGRAMS = List.of("edge", "broker", "kafka", "sts");

  private final LocalMesh mesh;
  private final LoadContext context;
  private final MeshUsage usage;
  private final List<Sample> all = new ArrayList<>();

  private record Sample(
      long nanos, long calls, Map<String, CpuUsage> cpu, double brokerMb, double edgeMb) {

    double secondsSince(Sample before) {
      return (nanos - before.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    double callsPerSecondSince(Sample before) {
      return (calls - before.calls) / secondsSince(before);
    }

    double coresSince(Sample before, String program) {
      return cpu.getOrDefault(program, new CpuUsage(Map.of()))
              .since(before.cpu.getOrDefault(program, new CpuUsage(Map.of())))
              .total()
          / 1_000.0
          / secondsSince(before);
    }
  }

  SteadySamples(LocalMesh mesh, LoadContext context) {
    this.mesh = mesh;
    this.context = context;
    this.usage = new MeshUsage(mesh);
  }

  void take() {
    Sample sample =
        new Sample(
            System.nanoTime(),
            mesh.sts().ledger().assumeRoleCalls(),
            usage.cpu(),
            megabytesEach(mesh.brokers().stream().map(BrokerMember::member).toList()),
            megabytesEach(mesh.edges().stream().map(EdgeMember::member).toList()));
    all.add(sample);
    context
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "after %.0f s: %,d calls of STS, a broker %.0f MB, an edge %.0f MB",
                sample.secondsSince(all.getFirst()),
                sample.calls - all.getFirst().calls,
                sample.brokerMb,
                sample.edgeMb));
  }

  private static double megabytesEach(List<Member> members) {
    return members.stream()
        .filter(Member::isAlive)
        .mapToDouble(member -> ResidentMemory.megabytes(member.pid()))
        .average()
        .orElse(0);
  }

  double callsPerSecond() {
    return all.getLast().callsPerSecondSince(all.getFirst());
  }

  List<Figure> figures(LoadRun run, double arithmetic) {
    Sample first = all.getFirst();
    Sample last = all.getLast();
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("pods", "requests", run.perSecond(), "/s"));
    figures.add(new Figure("pods", "p50", run.within(50), "ms"));
    figures.add(new Figure("pods", "p99", run.within(99), "ms"));
    figures.add(new Figure("pods", "longest", run.within(100), "ms"));
    figures.add(new Figure("STS", "calls", callsPerSecond(), "/s"));
    figures.add(new Figure("STS", "calls by the arithmetic", arithmetic, "/s"));
    for (String program : PROGRAMS) {
      figures.add(new Figure(all(program), "processors", last.coresSince(first, program), "cores"));
    }
    figures.add(new Figure("a broker", "resident memory, before", first.brokerMb, "MB"));
    figures.add(new Figure("a broker", "resident memory, after", last.brokerMb, "MB"));
    figures.add(new Figure("an edge", "resident memory, before", first.edgeMb, "MB"));
    figures.add(new Figure("an edge", "resident memory, after", last.edgeMb, "MB"));
    return figures;
  }

  private static String all(String program) {
    return switch (program) {
      case "edge" -> "all edges";
      case "broker" -> "all brokers";
      case "sts" -> "STS";
      default -> program;
    };
  }

  List<Chart> charts(LoadRun run, double arithmetic) {
    List<Series> cores = new ArrayList<>();
    for (String program : PROGRAMS) {
      cores.add(between(all(program), (Step step) -> step.now.coresSince(step.before, program)));
    }
    return List.of(
        new Chart(
            Kind.TIME,
            "Calls of STS a second",
            "/s",
            List.of(
                between("measured", step -> step.now.callsPerSecondSince(step.before)),
                between("by the arithmetic", step -> arithmetic))),
        new Chart(Kind.TIME, "Processors", "cores", cores),
        new Chart(
            Kind.TIME,
            "Resident memory of one",
            "MB",
            List.of(at("broker", sample -> sample.brokerMb), at("edge", sample -> sample.edgeMb))),
        new Chart(
            Kind.PERCENTILES, "Latency", "ms", List.of(Series.percentiles("pods", run.micros()))));
  }

  private record Step(Sample before, Sample now) {}

  private Series between(String name, ToDoubleFunction<Step> value) {
    List<Point> points = new ArrayList<>();
    for (int i = 1; i < all.size(); i++) {
      Step step = new Step(all.get(i - 1), all.get(i));
      points.add(new Point(step.now.secondsSince(all.getFirst()), value.applyAsDouble(step)));
    }
    return new Series(name, points);
  }

  private Series at(String name, ToDoubleFunction<Sample> value) {
    return new Series(
        name,
        all.stream()
            .map(one -> new Point(one.secondsSince(all.getFirst()), value.applyAsDouble(one)))
            .toList());
  }
}
