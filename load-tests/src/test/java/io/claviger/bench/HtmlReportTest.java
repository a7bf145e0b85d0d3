package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.claviger.bench.Chart.Kind;
import io.claviger.bench.Chart.Point;
import io.claviger.bench.Chart.Series;
import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import java.time.LocalDate;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {

  private static final Histogram MICROS = new Histogram(3);

  static {
    for (int micros = 100; micros <= 10_000; micros += 100) {
      MICROS.recordValue(micros);
    }
  }

  private final LoadResult result =
      new LoadResult(
          "miss",
          "pods of <b>new</b> accounts",
          List.of(Aim.atMost("p99", 5, "ms", 3.25), Aim.atLeast("ratio", 0.95, 0.9)),
          List.of(new Figure("edge", "p99", 3.25, "ms"), new Figure("edge", "requests", 1, "/s")),
          List.of(
              new Chart(
                  Kind.PERCENTILES, "Latency", "ms", List.of(Series.percentiles("edge", MICROS))),
              new Chart(Kind.BARS, "Requests", "/s", List.of(Series.bar("edge", 70_000))),
              new Chart(
                  Kind.TIME,
                  "Memory",
                  "MB",
                  List.of(new Series("edge", List.of(new Point(0, 60), new Point(60, 61)))))),
          List.of("3 requests were not served"));

  private final String page = HtmlReport.of(List.of(result), LocalDate.of(2026, 1, 2));

  @Test
  void needsNothingElse() {
    assertThat(page).doesNotContain("<script", "http:", "https:", "@import", "url(");
  }

  @Test
  void showsFiguresAimsAndPlots() {
    assertThat(page)
        .contains("<td>3.25 ms</td>", "✓ p99 at most 5 ms: 3.25", "✗ ratio at least 0.95: 0.90")
        .contains("broken: 3 requests were not served", "70,000 /s");
    assertThat(page.split("<svg", -1)).hasSize(4);
    assertThat(page).doesNotContain("NaN", "Infinity");
  }

  @Test
  void escapesWhatItIsGiven() {
    assertThat(page).contains("pods of &lt;b&gt;new&lt;/b&gt; accounts");
  }

  @Test
  void drawsCurvesToTheLongestRequest() {
    List<Point> curve = Series.percentiles("edge", MICROS).points();

    assertThat(curve.getLast().y()).isCloseTo(10, withPercentage(1));
    assertThat(curve).extracting(Point::y).isSorted();
  }
}
