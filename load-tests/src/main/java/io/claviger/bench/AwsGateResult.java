package io.claviger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one pass of {@link AwsGate} measured.
 *
 * @param pass which
 * @param served answered 200
 * @param refused by other statuses
 * @param broken connections that ended without an answer
 * @param late not answered within a second, of all
 * @param silent not answered within ten
 * @param millis percentiles, from when each was due
 * @param assumeRole calls of STS
 * @param counts of flights, hedges and so on, by their meters
 * @param cpu ms of processors by process and kind of thread
 */
public record AwsGateResult(
    String pass,
    long served,
    Map<Integer, Long> refused,
    long broken,
    long late,
    long silent,
    Map<String, Double> millis,
    long assumeRole,
    Map<String, Long> counts,
    Map<String, Map<String, Long>> cpu) {
  public AwsGateResult {
    refused = Map.copyOf(refused);
    millis = Map.copyOf(millis);
    counts = Map.copyOf(counts);
    cpu = Map.copyOf(cpu);
  }

  /**
   * The result as text.
   *
   * @param pods that asked
   * @param accounts that AssumeRole had to be called for
   */
  List<String> lines(int pods, int accounts) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-8s served %.1f %%, %s, broken %d, over 1 s %d, silent %d, p50 %.1f ms, p99 %.1f ms,"
                + " p99.9 %.1f ms, AssumeRole %d of %d",
            pass,
            100.0 * served / pods,
            new TreeMap<>(refused),
            broken,
            late,
            silent,
            millis.get("p50"),
            millis.get("p99"),
            millis.get("p99.9"),
            assumeRole,
            accounts));
    lines.add("         " + new TreeMap<>(counts));
    new TreeMap<>(cpu)
        .forEach(
            (who, kinds) ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "         CPU a fetch, %-6s %6.2f ms: %s",
                        who,
                        (double) kinds.values().stream().mapToLong(Long::longValue).sum() / pods,
                        aFetch(kinds, pods))));
    return lines;
  }

  private static String aFetch(Map<String, Long> kinds, int pods) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(kinds)
        .forEach(
            (kind, all) -> {
              if (all > 0) {
                text.append(String.format(Locale.ROOT, "%s %.2f  ", kind, (double) all / pods));
              }
            });
    return text.toString().strip();
  }

  static String format(double percent) {
    return percent == Math.rint(percent) ? "" + (int) percent : "" + percent;
  }
}
