package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import io.claviger.reference.Meter;
import io.claviger.reference.Meter.Kind;
import io.claviger.reference.Reference;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The metrics of running members are those in {@code docs/metrics.md}, and vice versa. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class MetricsScenarioIT {

  private static final Pattern SERIES = Pattern.compile("^(claviger_\\w+)(?:\\{([^}]*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Reference REFERENCE = new Reference(Path.of("..").toAbsolutePath());

  private record Series(String name, Map<String, String> labels) {
    static Series of(MatchResult line) {
      String labels = line.group(2) == null ? "" : line.group(2);
      return new Series(
          line.group(1),
          LABEL
              .matcher(labels)
              .results()
              .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2))));
    }
  }

  @Test
  void aBrokerMeasuresWhatIsDocumented(ScenarioMesh mesh) {
    issueAndRefuse(mesh);
    List<Series> series = scrape(mesh, mesh.mesh().brokers().getFirst().metrics());
    List<Meter> meters = REFERENCE.brokerMeters();

    assertThat(series).isNotEmpty().allSatisfy(one -> isDocumented(one, meters));
    // Counters and timers appear with their first event, gauges at once. This mesh watches no pods,
    // because it has no API server.
    assertThat(
            meters.stream()
                .filter(meter -> meter.kind() == Kind.GAUGE)
                .filter(meter -> !meter.constant().startsWith("PodMeters.")))
        .allSatisfy(meter -> isServed(meter, series));
  }

  @Test
  void anEdgeMeasuresWhatIsDocumentedAndAllOfIt(ScenarioMesh mesh) {
    issueAndRefuse(mesh);
    List<Series> series = scrape(mesh, mesh.mesh().edge(1).metrics());
    List<Meter> meters = REFERENCE.edgeMeters();

    assertThat(series).isNotEmpty().allSatisfy(one -> isDocumented(one, meters));
    assertThat(meters).allSatisfy(meter -> isServed(meter, series));
  }

  private static void issueAndRefuse(ScenarioMesh mesh) {
    mesh.associate("measured", "web", "measured-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    assertThat(mesh.askUntilIssued(edge, mesh.token(edge, "measured", "web", "web-0")).status())
        .isEqualTo(200);
    TokenRequest nobody = TokenRequest.ofPod("measured", "nobody", "n-0", edge.node());
    assertThat(
            mesh.askUntilIssued(edge, mesh.mesh().token(nobody.withAge(Duration.ofMinutes(2))))
                .status())
        .isEqualTo(404);
  }

  private static List<Series> scrape(ScenarioMesh mesh, URI metrics) {
    return mesh.ask(metrics, "none")
        .body()
        .lines()
        .flatMap(line -> SERIES.matcher(line).results().limit(1))
        .map(Series::of)
        .toList();
  }

  private static void isDocumented(Series series, List<Meter> meters) {
    List<Meter> described =
        meters.stream().filter(meter -> meter.hasSeries(series.name())).toList();
    assertThat(described).as("in docs/metrics.md: %s", series).hasSize(1);
    Map<String, List<String>> labels =
        described.getFirst().tags().stream()
            .collect(
                Collectors.toMap(
                    Meter.Tag::name, tag -> tag.values().stream().map(Meter.Value::text).toList()));
    assertThat(series.labels().keySet()).as("labels of %s", series).isEqualTo(labels.keySet());
    series
        .labels()
        .forEach(
            (label, value) -> isStated(Objects.requireNonNull(labels.get(label)), value, series));
  }

  /** If the page lists no values, any value is valid. */
  private static void isStated(List<String> stated, String value, Series series) {
    if (!stated.isEmpty()) {
      assertThat(stated).as("values in docs/metrics.md of %s", series).contains(value);
    }
  }

  private static void isServed(Meter meter, List<Series> series) {
    assertThat(series.stream().map(Series::name))
        .as("series of %s, of %s", meter.name(), meter.constant())
        .anyMatch(meter::hasSeries);
  }
}
