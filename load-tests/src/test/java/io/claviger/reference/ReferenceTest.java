package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final Reference REFERENCE = new Reference(TOP);

  @ParameterizedTest
  @ValueSource(strings = {"docs/configuration.md", "docs/metrics.md"})
  void theCommittedPageIsWhatTheSourcesSay(String page) throws IOException {
    assertThat(Files.readString(TOP.resolve(page)))
        .as(page + " is behind the sources: run ./claviger docs, and commit what it writes")
        .isEqualTo(REFERENCE.pages().get(page));
  }

  static List<Meter> meters() {
    return Stream.concat(REFERENCE.brokerMeters().stream(), REFERENCE.edgeMeters().stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("meters")
  void aDocumentedMeterIsUsedBySomething(Meter meter) throws IOException {
    String program = meter.name().startsWith("claviger_edge_") ? "node-edge" : "broker";
    String constant = meter.constant().substring(meter.constant().indexOf('.') + 1);

    assertThat(uses(TOP.resolve(program).resolve("src/main/java"), meter.constant(), constant))
        .as(meter.constant())
        .isPositive();
  }

  /** The number of uses of a constant, without its declaration and comments. */
  private static long uses(Path sources, String qualified, String constant) throws IOException {
    String own = qualified.substring(0, qualified.indexOf('.')) + ".java";
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> lines(file, file.endsWith(own) ? constant : qualified))
          .filter(line -> !line.contains("String " + constant))
          .count();
    }
  }

  private static Stream<String> lines(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> !line.strip().startsWith("*") && line.matches(".*\\b" + name + "\\b.*"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
