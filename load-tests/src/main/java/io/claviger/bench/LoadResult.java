package io.claviger.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a scenario measured.
 *
 * @param scenario its name
 * @param what one line for a person
 * @param aims what shall be, and whether it is; missed ones fail nothing, since machines differ
 * @param figures medians over the rounds
 * @param charts the same to look at
 * @param broken what was promised and did not hold
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

  /** Of a scenario that could not measure. */
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
   * A number.
   *
   * @param of whom it is of, or under which load
   * @param name what it is
   * @param unit empty for a ratio
   */
  public record Figure(String of, String name, double value, String unit) {

    /** The value as a person reads it. */
    public String text() {
      return number(value) + (unit.isEmpty() ? "" : " " + unit);
    }
  }

  /**
   * What shall be.
   *
   * @param what with its bound
   * @param value what is
   */
  public record Aim(String what, double value, boolean met) {

    static Aim atLeast(String what, double bound, double value) {
      return new Aim(what + " at least " + number(bound), value, value >= bound);
    }

    static Aim atMost(String what, double bound, String unit, double value) {
      return new Aim(
          (what + " at most " + number(bound) + " " + unit).strip(), value, value <= bound);
    }

    /** In a line. */
    public String text() {
      return (met ? "met    " : "MISSED ") + what + ": " + number(value);
    }
  }

  /** Three digits that say something. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    return value == Math.rint(value) && size < 1_000
        ? "" + (long) value
        : String.format(Locale.ROOT, format, value);
  }

  /** As a table: a line for whom figures are of. */
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
