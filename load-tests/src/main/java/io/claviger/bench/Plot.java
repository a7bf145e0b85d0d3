package io.claviger.bench;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Point;
import io.claviger.bench.Chart.Series;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Draws a {@link Chart} as SVG; the page sets colours and fonts. */
final class Plot {

  private static final int WIDTH = 560;
  private static final int HEIGHT = 300;
  private static final int LEFT = 58;
  private static final int RIGHT = 16;
  private static final int TOP = 14;
  private static final int BOTTOM = 40;
  private static final int BAR = 26;
  private static final int BAR_GAP = 14;
  private static final int NAMES = 120;
  private static final int VALUES = 90;

  private final Chart chart;
  private final StringBuilder svg = new StringBuilder();

  private Plot(Chart chart) {
    this.chart = chart;
  }

  /** A figure of HTML, with its title and legend. */
  static String of(Chart chart) {
    Plot plot = new Plot(chart);
    return chart.kind() == Kind.BARS ? plot.bars() : plot.lines();
  }

  private String lines() {
    Axis x = new Axis(0, Math.max(1, most(Point::x)), false);
    Axis y =
        chart.kind() == Kind.PERCENTILES
            ? Axis.logarithmic(values(Point::y).min().orElse(0), most(Point::y))
            : Axis.linear(most(Point::y));
    for (double tick : y.ticks()) {
      double at = down(y.at(tick));
      line("grid", LEFT, at, WIDTH - RIGHT, at);
      text("end", LEFT - 8, at + 4, round(tick));
    }
    List<Double> ticks =
        chart.kind() == Kind.PERCENTILES
            ? DoubleStream.iterate(0, nines -> nines <= most(Point::x), nines -> nines + 1)
                .boxed()
                .toList()
            : x.ticks();
    for (double tick : ticks) {
      double at = right(x.at(tick));
      line("grid", at, TOP, at, HEIGHT - BOTTOM);
      text(
          "middle",
          at,
          HEIGHT - BOTTOM + 18,
          chart.kind() == Kind.PERCENTILES ? percent(tick) : round(tick));
    }
    text(
        "end",
        WIDTH - RIGHT,
        HEIGHT - 4,
        chart.kind() == Kind.PERCENTILES ? "of requests within" : "seconds");
    for (int i = 0; i < chart.series().size(); i++) {
      path(i, chart.series().get(i), x, y);
    }
    return figure(HEIGHT, legend());
  }

  private void path(int number, Series series, Axis x, Axis y) {
    String points =
        series.points().stream()
            .map(
                point ->
                    String.format(
                        Locale.ROOT, "%.1f,%.1f", right(x.at(point.x())), down(y.at(point.y()))))
            .collect(Collectors.joining(" "));
    svg.append(
        String.format(Locale.ROOT, "<polyline class=\"s%d\" points=\"%s\"/>\n", number, points));
  }

  private String bars() {
    Axis axis = Axis.linear(most(Point::y));
    int width = WIDTH - NAMES - VALUES;
    for (int i = 0; i < chart.series().size(); i++) {
      Series series = chart.series().get(i);
      double value = series.points().getFirst().y();
      int at = TOP + i * (BAR + BAR_GAP);
      text("end", NAMES - 10, at + BAR / 2.0 + 4, series.name());
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"b%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\"/>\n",
              i,
              NAMES,
              at,
              Math.max(1, width * axis.at(value)),
              BAR));
      text(
          "start",
          NAMES + width * axis.at(value) + 8,
          at + BAR / 2.0 + 4,
          LoadResult.number(value) + " " + chart.unit());
    }
    return figure(2 * TOP + chart.series().size() * (BAR + BAR_GAP) - BAR_GAP, "");
  }

  private String figure(int height, String legend) {
    String unit = chart.kind() == Kind.BARS ? "" : " <span>" + escaped(chart.unit()) + "</span>";
    return "<figure><figcaption>"
        + escaped(chart.title())
        + unit
        + "</figcaption>\n"
        + legend
        + String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, height)
        + svg
        + "</svg></figure>\n";
  }

  private String legend() {
    StringBuilder legend = new StringBuilder("<p class=\"legend\">");
    for (int i = 0; i < chart.series().size(); i++) {
      legend.append(
          String.format(
              Locale.ROOT,
              "<span><i class=\"l%d\"></i>%s</span>",
              i,
              escaped(chart.series().get(i).name())));
    }
    return legend.append("</p>\n").toString();
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            kind,
            x1,
            y1,
            x2,
            y2));
  }

  private void text(String anchor, double x, double y, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            anchor,
            x,
            y,
            escaped(text)));
  }

  private static double right(double part) {
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private static double down(double part) {
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
  }

  private double most(ToDoubleFunction<Point> value) {
    return values(value).max().orElse(1);
  }

  private DoubleStream values(ToDoubleFunction<Point> value) {
    return chart.series().stream().flatMap(one -> one.points().stream()).mapToDouble(value);
  }

  /** 0: none, 1: 90 %, 2: 99 %, 3: 99.9 %. */
  private static String percent(double nines) {
    int count = (int) nines;
    return switch (count) {
      case 0 -> "0 %";
      case 1 -> "90 %";
      case 2 -> "99 %";
      default -> "99." + "9".repeat(count - 2) + " %";
    };
  }

  /** Formats an axis value: 0.5, 20, 1,000. */
  private static String round(double tick) {
    return tick >= 1 || tick == 0
        ? LoadResult.number(tick)
        : new BigDecimal(tick).round(new MathContext(2)).stripTrailingZeros().toPlainString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
