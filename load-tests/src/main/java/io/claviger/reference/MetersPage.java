package io.claviger.reference;

import io.claviger.reference.Meter.Tag;
import io.claviger.reference.Meter.Value;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code docs/metrics.md}: every meter of both programs. */
final class MetersPage {

  private static final String INTRODUCTION =
      """
      <!-- Written by ./claviger docs from the javadoc of the meters' constants: change it there, then run that. -->
      # Metrics

      Served as `/metrics` for Prometheus, on the management port of a broker (2706) and port 2705 of a node-edge. Which of them
      are worth an alarm: [operations.md](operations.md#metrics-worth-an-alarm).

      * A timer or a distribution has three series: `…_count`, `…_sum` and `…_max` (of the last minutes).
      * Labels have values of closed sets, or names of registered clusters: never a workload, a role or a token.
      * A series of a broker that counts something is there from the first time on that it happens.
      """;

  private MetersPage() {}

  static String of(List<Meter> broker, List<Meter> edge) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    append(page, "broker", broker);
    append(page, "node-edge", edge);
    return page.toString();
  }

  private static void append(StringBuilder page, String program, List<Meter> meters) {
    page.append(
        "\n## %s\n\n| name | kind | labels | meaning |\n|---|---|---|---|\n".formatted(program));
    for (Meter meter : meters) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  meter.name(),
                  meter.kind().name().toLowerCase(Locale.ROOT),
                  meter.tags().stream().map(MetersPage::tag).collect(Collectors.joining("<br>")),
                  meter.meaning()));
    }
  }

  private static String tag(Tag tag) {
    String values =
        tag.values().stream().map(MetersPage::value).collect(Collectors.joining("<br>"));
    return "`" + tag.name() + "`" + (values.isEmpty() ? "" : ":<br>" + values);
  }

  private static String value(Value value) {
    String meaning = inBrackets(value.meaning());
    return "`" + value.text() + "`" + (meaning.isEmpty() ? "" : " (" + meaning + ")");
  }

  /** A sentence without its full stop, its first word as in the middle of one. */
  private static String inBrackets(String sentence) {
    String open = sentence.replaceFirst("\\.$", "");
    return open.matches("[A-Z][a-z ].*")
        ? open.substring(0, 1).toLowerCase(Locale.ROOT) + open.substring(1)
        : open;
  }
}
