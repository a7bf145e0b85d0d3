package io.claviger.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * A chart.
 *
 * @param kind of chart
 * @param unit of the vertical axis
 * @param series in the order of the legend
 */
public record Chart(Kind kind, String title, String unit, List<Series> series) {

  public Chart {
    series = List.copyOf(series);
  }

  /** Kinds of charts. */
  public enum Kind {
    /** Points are at percentiles: x is the number of nines, -log10(1 - part). */
    PERCENTILES,
    /** Points are at seconds. */
    TIME,
    /** One value each. */
    BARS
  }

  /** One line, or one bar. */
  public record Series(String name, List<Point> points) {
    private static final int CURVE_POINTS = 60;

    public Series {
      points = List.copyOf(points);
    }

    static Series bar(String name, double value) {
      return new Series(name, List.of(new Point(0, value)));
    }

    /** The curve of a histogram of microseconds, in milliseconds; omits the fastest few. */
    static Series percentiles(String name, Histogram micros) {
      double most = Math.log10((double) Math.max(10, micros.getTotalCount()));
      return new Series(
          name,
          IntStream.rangeClosed(1, CURVE_POINTS)
              .mapToObj(i -> i * most / CURVE_POINTS)
              .map(
                  nines ->
                      new Point(
                          nines,
                          micros.getValueAtPercentile(100 * (1 - Math.pow(10, -nines))) / 1_000.0))
              .toList());
    }
  }

  /** A point of a line. */
  public record Point(double x, double y) {}
}
