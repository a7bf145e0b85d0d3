package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import io.claviger.bench.ScaleStage.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The load of many nodes on a cluster of brokers, with virtual edges of three cluster sizes. */
final class ScaleScenario implements LoadScenario {

  private static final double MAX_CHANGE_MILLIS = 1_000;

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String what() {
    return "1,000, 2,500 and 5,000 edges at three brokers: memory, a change, requests, a broker's"
        + " death";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    List<Integer> sizes = context.quick() ? List.of(40) : List.of(1_000, 2_500, 5_000);
    List<String> broken = new ArrayList<>();
    List<Integer> possible = new ArrayList<>();
    for (int size : sizes) {
      long files = VirtualEdges.files(size);
      if (files <= OpenFiles.limit()) {
        possible.add(size);
      } else {
        broken.add(
            String.format(
                Locale.ROOT,
                "%,d edges need %,d open files, but the limit is %,d: raise it with ulimit -n",
                size,
                files,
                OpenFiles.limit()));
      }
    }
    // Report them before the other sizes, whose measurement takes ten minutes.
    broken.forEach(context.progress());
    List<Measured> stages = new ArrayList<>();
    for (int size : possible) {
      try {
        stages.add(ScaleStage.measure(context, size));
      } catch (RuntimeException e) {
        broken.add(
            String.format(
                Locale.ROOT, "%,d edges could not be measured: %s", size, context.failure(e)));
      }
    }
    List<Aim> aims = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    for (Measured stage : stages) {
      aims.addAll(aims(stage));
      figures.addAll(figures(stage));
      broken.addAll(broken(stage));
    }
    return new LoadResult(name(), what(), aims, figures, charts(stages), broken);
  }

  private static String of(Measured stage) {
    return String.format(Locale.ROOT, "%,d edges", stage.edges());
  }

  private static List<Aim> aims(Measured stage) {
    return List.of(
        Aim.atMost(
            "a change at the last of " + of(stage) + ",",
            MAX_CHANGE_MILLIS,
            "ms",
            stage.change().within(100)),
        Aim.atMost(
            "edges without a broker when one of three dies, of " + of(stage) + ",",
            0,
            "",
            stage.death().without()));
  }

  private static List<Figure> figures(Measured stage) {
    String edges = of(stage);
    List<Figure> figures = new ArrayList<>();
    String connect = edges + " connect at once";
    ScaleStage.Connecting connecting = stage.connecting();
    figures.add(new Figure(connect, "all at two brokers", connecting.seconds(), "s"));
    figures.add(
        new Figure(connect, "brokers' processor time a connection", connecting.millisEach(), "ms"));
    String memory = edges + ", brokers' memory";
    positive(memory, "heap a connection", connecting.heapKilobytesEach(), "KB", figures);
    figures.add(new Figure(memory, "heap before", connecting.before().heapMegabytes(), "MB"));
    figures.add(new Figure(memory, "heap after", connecting.after().heapMegabytes(), "MB"));
    figures.add(
        new Figure(memory, "resident before", connecting.before().residentMegabytes(), "MB"));
    figures.add(new Figure(memory, "resident after", connecting.after().residentMegabytes(), "MB"));
    figures.add(new Figure(edges + ", idle", "brokers' processors", stage.idleCores(), "cores"));
    percentiles(edges + ", first session", stage.first(), figures);
    String again = edges + ", session again";
    percentiles(again, stage.again(), figures);
    figures.add(new Figure(again, "requests", stage.again().perSecond(), "/s"));
    positive(again, "requests a core of brokers", stage.perCore(), "/s", figures);
    percentiles(edges + ", a change", stage.change(), figures);
    String death = edges + ", a broker dies";
    figures.add(new Figure(death, "all at two again", stage.death().seconds(), "s"));
    figures.add(new Figure(death, "without a broker", stage.death().without(), "edges"));
    return figures;
  }

  /** Adds a positive difference. A difference below the normal variation gives no figure. */
  private static void positive(
      String of, String name, double value, String unit, List<Figure> figures) {
    if (value > 0) {
      figures.add(new Figure(of, name, value, unit));
    }
  }

  private static void percentiles(String of, LoadRun run, List<Figure> figures) {
    figures.add(new Figure(of, "p50", run.within(50), "ms"));
    figures.add(new Figure(of, "p99", run.within(99), "ms"));
    figures.add(new Figure(of, "longest", run.within(100), "ms"));
  }

  private static List<Chart> charts(List<Measured> stages) {
    if (stages.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Chart(
            Kind.PERCENTILES,
            "Until an edge has a change",
            "ms",
            stages.stream()
                .map(stage -> Series.percentiles(of(stage), stage.change().micros()))
                .toList()),
        new Chart(
            Kind.BARS,
            "A broker dies: all at two again",
            "s",
            stages.stream().map(stage -> Series.bar(of(stage), stage.death().seconds())).toList()),
        new Chart(
            Kind.BARS,
            "Brokers' heaps with all connected",
            "MB",
            stages.stream()
                .map(stage -> Series.bar(of(stage), stage.connecting().after().heapMegabytes()))
                .toList()));
  }

  private static List<String> broken(Measured stage) {
    List<String> broken = new ArrayList<>();
    missing("connected at once", stage.connecting().seen(), stage, broken);
    missing("lost a broker", stage.death().seen(), stage, broken);
    unserved("first sessions", stage.first(), stage, broken);
    unserved("sessions of a changed role", stage.changed(), stage, broken);
    unserved("sessions again", stage.again(), stage, broken);
    if (stage.withoutSession() > 0) {
      broken.add(
          stage.withoutSession()
              + " of "
              + of(stage)
              + " had no session when the role changed, after two attempts");
    }
    if (stage.change().failed() > 0) {
      broken.add(stage.change().failed() + " of " + of(stage) + " did not receive a change");
    }
    return broken;
  }

  private static void missing(
      String when, LinkWatch.Seen seen, Measured stage, List<String> broken) {
    if (seen.atMicros() == 0) {
      broken.add(
          of(stage)
              + " were not seen at two brokers after they "
              + when
              + ": "
              + seen.missing()
              + " are not");
    }
  }

  private static void unserved(String which, LoadRun run, Measured stage, List<String> broken) {
    if (run.failed() > 0) {
      broken.add(
          run.failed() + " " + which + " of " + of(stage) + " were not served: " + run.statuses());
    }
  }
}
