package io.claviger.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a scenario.
 *
 * @param scenario its name
 * @param what a description in one line
 * @param aims the targets and whether they are met; a missed one fails nothing, since machines
 *     differ
 * @param figures medians over the rounds
 * @param charts of the figures
 * @param broken promises that did not hold
 */
public record LoadResult(
    String scenario,
    String what,
    List<Aim> aims,
    List<Figure> figures,
    List<Chart> charts,
    List<String> broken) {

  public LoadResult {
    aims = List.copyOf(aims);
    figures = List.copyOf(figures);
    charts = List.copyOf(charts);
    broken = List.copyOf(broken);
  }

  /** The result of a scenario that could not measure. */
  public static LoadResult failed(LoadScenario scenario, String message) {
    return new LoadResult(
        scenario.name(),
        scenario.what(),
        List.of(),
        List.of(),
        List.of(),
        List.of("it could not be measured: " + message));
  }

  /**
   * A figure.
   *
   * @param of the subject, or the load
   * @param name of the figure
   * @param unit empty for a ratio
   */
  public record Figure(String of, String name, double value, String unit) {

    /** The value for a person. */
    public String text() {
      return number(value) + (unit.isEmpty() ? "" : " " + unit);
    }
  }

  /**
   * A target.
   *
   * @param what its text with its bound
   * @param value the measured value
   */
  public record Aim(String what, double value, boolean met) {

    static Aim atLeast(String what, double bound, double value) {
      return new Aim(what + " at least " + number(bound), value, value >= bound);
    }

    static Aim atMost(String what, double bound, String unit, double value) {
      return new Aim(
          (what + " at most " + number(bound) + " " + unit).strip(), value, value <= bound);
    }

    /** The target in a line. */
    public String text() {
      return (met ? "met    " : "MISSED ") + what + ": " + number(value);
    }
  }

  /** Formats a number with three significant digits. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    return value == Math.rint(value) && size < 1_000
        ? "" + (long) value
        : String.format(Locale.ROOT, format, value);
  }

  /** A table with a line for each subject. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(scenario + ": " + what);
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (Figure figure : figures) {
      rows.computeIfAbsent(figure.of(), absent -> new ArrayList<>())
          .add(figure.name() + " " + figure.text());
    }
    rows.forEach(
        (of, row) ->
            lines.add(String.format(Locale.ROOT, "  %-40s %s", of, String.join(", ", row))));
    aims.forEach(aim -> lines.add("  aim " + aim.text()));
    broken.forEach(line -> lines.add("  BROKEN " + line));
    return lines;
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
