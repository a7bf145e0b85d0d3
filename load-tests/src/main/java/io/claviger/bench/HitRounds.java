package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Puts three loads on each of several servers in turns, so that other work on the machine affects
 * all of them.
 */
final class HitRounds {

  private static final int CONNECTIONS = 64;
  private static final int RATE = 2_000;
  private static final double MIN_OF_BARE = 0.95;
  private static final double MIN_OF_GO = 1.2;
  private static final double MAX_P99_MILLIS = 2;
  private static final double MAX_CORES = 0.25;
  private static final double MAX_RESIDENT_MB = 80;

  private final LoadContext context;
  private final LoadGenerator generator;
  private final List<HitServer> servers;
  private final Map<String, LoadShape> loads = new LinkedHashMap<>();
  private final String flatOut = CONNECTIONS + " connections, flat out";
  private final List<Measured> all = new ArrayList<>();

  /** One load on one server. */
  private record Measured(
      String load,
      String server,
      LoadRun run,
      long cpuMillis,
      long othersMillis,
      double residentMb,
      double ownMb) {

    double cores() {
      return (double) cpuMillis / run.millis();
    }

    double microsEach() {
      return 1_000.0 * cpuMillis / run.requests();
    }
  }

  HitRounds(LoadContext context, LoadGenerator generator, List<HitServer> servers) {
    this.context = context;
    this.generator = generator;
    this.servers = List.copyOf(servers);
    int seconds = context.choose(1, 8);
    int rate = context.choose(200, RATE);
    long count = (long) rate * seconds;
    String each = String.format(Locale.ROOT, "%,d a second, ", rate);
    loads.put(flatOut, LoadShape.flatOut(CONNECTIONS, Duration.ofSeconds(seconds)));
    loads.put(each + "kept connections", LoadShape.onKeptConnections(rate, CONNECTIONS, count));
    loads.put(each + "new connections", LoadShape.onNewConnections(rate, count));
  }

  void measure() throws InterruptedException {
    LoadShape warmUp = LoadShape.flatOut(CONNECTIONS, Duration.ofSeconds(context.choose(1, 20)));
    for (HitServer server : servers) {
      generator.run(server.plan(), warmUp);
    }
    for (int round = 1; round <= context.roundsOrOne(); round++) {
      for (Map.Entry<String, LoadShape> load : loads.entrySet()) {
        for (HitServer server : servers) {
          Measured one = measure(load.getKey(), load.getValue(), server);
          all.add(one);
          context
              .progress()
              .accept(
                  String.format(
                      Locale.ROOT,
                      "round %d: %s, %s: %,.0f a second, p99 %.2f ms, %.1f us of a processor each",
                      round,
                      load.getKey(),
                      server.name(),
                      one.run().perSecond(),
                      one.run().within(99),
                      one.microsEach()));
        }
      }
    }
  }

  private Measured measure(String load, LoadShape shape, HitServer server)
      throws InterruptedException {
    CpuUsage before = CpuUsage.of(server.pid());
    long machineBefore = CpuUsage.machineMillis();
    LoadRun run = generator.run(server.plan(), shape);
    long cpuMillis = CpuUsage.of(server.pid()).since(before).total();
    long othersMillis = CpuUsage.machineMillis() - machineBefore - cpuMillis - run.cpuMillis();
    return new Measured(
        load,
        server.name(),
        run,
        cpuMillis,
        othersMillis,
        ResidentMemory.megabytes(server.pid()),
        ResidentMemory.ownMegabytes(server.pid()));
  }

  LoadResult result(LoadScenario scenario) {
    List<Figure> figures = new ArrayList<>();
    for (String load : loads.keySet()) {
      for (HitServer server : servers) {
        figures.addAll(figures(load, server.name()));
      }
    }
    figures.add(
        new Figure(
            "other processes on the machine",
            "processors, most",
            most(one -> Math.max(0, (double) one.othersMillis() / one.run().millis())),
            "cores"));
    figures.add(
        new Figure(
            "generator",
            "processors, most",
            most(one -> (double) one.run().cpuMillis() / one.run().millis()),
            "cores"));
    return new LoadResult(scenario.name(), scenario.what(), aims(), figures, charts(), broken());
  }

  private List<Figure> figures(String load, String server) {
    String of = server + ", " + load;
    List<Figure> figures = new ArrayList<>();
    if (load.equals(flatOut)) {
      figures.add(
          new Figure(of, "requests", median(load, server, one -> one.run().perSecond()), "/s"));
    }
    figures.add(new Figure(of, "p50", median(load, server, one -> one.run().within(50)), "ms"));
    figures.add(new Figure(of, "p99", median(load, server, one -> one.run().within(99)), "ms"));
    figures.add(
        new Figure(
            of, "processor time a request", median(load, server, Measured::microsEach), "us"));
    figures.add(new Figure(of, "processors", median(load, server, Measured::cores), "cores"));
    figures.add(
        new Figure(of, "resident memory", median(load, server, Measured::residentMb), "MB"));
    figures.add(new Figure(of, "of its own", median(load, server, Measured::ownMb), "MB"));
    return figures;
  }

  private List<Aim> aims() {
    List<Aim> aims = new ArrayList<>();
    aims.add(
        Aim.atLeast("requests flat out, of the bare server's", MIN_OF_BARE, ratio(HitServer.BARE)));
    if (has(HitServer.GO)) {
      aims.add(Aim.atLeast("requests flat out, of Go's", MIN_OF_GO, ratio(HitServer.GO)));
    }
    for (String load : loads.keySet()) {
      if (!load.equals(flatOut)) {
        aims.add(
            Aim.atMost(
                "p99, " + load + ",",
                MAX_P99_MILLIS,
                "ms",
                median(load, HitServer.EDGE, one -> one.run().within(99))));
        aims.add(
            Aim.atMost(
                "processors, " + load + ",",
                MAX_CORES,
                "cores",
                median(load, HitServer.EDGE, Measured::cores)));
        aims.add(
            Aim.atMost(
                "resident memory, " + load + ",",
                MAX_RESIDENT_MB,
                "MB",
                median(load, HitServer.EDGE, Measured::residentMb)));
      }
    }
    return aims;
  }

  private boolean has(String server) {
    return servers.stream().anyMatch(one -> one.name().equals(server));
  }

  /** The median of the ratios of the rounds. */
  private double ratio(String other) {
    List<Double> ofEdge = values(flatOut, HitServer.EDGE, one -> one.run().perSecond());
    List<Double> ofOther = values(flatOut, other, one -> one.run().perSecond());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ofEdge.size(); i++) {
      ratios.add(ofEdge.get(i) / ofOther.get(i));
    }
    return LoadResult.median(ratios);
  }

  private List<Chart> charts() {
    List<Chart> charts = new ArrayList<>();
    charts.add(bars("Requests a second, " + flatOut, "/s", flatOut, one -> one.run().perSecond()));
    charts.add(bars("Processor time a request, " + flatOut, "us", flatOut, Measured::microsEach));
    for (String load : loads.keySet()) {
      charts.add(
          new Chart(
              Kind.PERCENTILES,
              "Latency, " + load,
              "ms",
              servers.stream()
                  .map(server -> Series.percentiles(server.name(), together(load, server.name())))
                  .toList()));
    }
    charts.add(bars("Resident memory, " + lastLoad(), "MB", lastLoad(), Measured::residentMb));
    return charts;
  }

  private String lastLoad() {
    return List.copyOf(loads.keySet()).getLast();
  }

  private Chart bars(String title, String unit, String load, ToDoubleFunction<Measured> value) {
    return new Chart(
        Kind.BARS,
        title,
        unit,
        servers.stream()
            .map(server -> Series.bar(server.name(), median(load, server.name(), value)))
            .toList());
  }

  private Histogram together(String load, String server) {
    Histogram sum = new Histogram(3);
    of(load, server).forEach(one -> sum.add(one.run().micros()));
    return sum;
  }

  private List<String> broken() {
    return all.stream()
        .filter(one -> one.server().equals(HitServer.EDGE) && one.run().failed() > 0)
        .map(
            one ->
                one.run().failed()
                    + " requests were not served: "
                    + one.load()
                    + ", "
                    + one.run().statuses())
        .toList();
  }

  private List<Measured> of(String load, String server) {
    Predicate<Measured> wanted = one -> one.load().equals(load) && one.server().equals(server);
    return all.stream().filter(wanted).toList();
  }

  private List<Double> values(String load, String server, ToDoubleFunction<Measured> value) {
    return of(load, server).stream().map(value::applyAsDouble).toList();
  }

  private double median(String load, String server, ToDoubleFunction<Measured> value) {
    return LoadResult.median(values(load, server, value));
  }

  private double most(ToDoubleFunction<Measured> value) {
    return all.stream().mapToDouble(value).max().orElse(0);
  }
}
