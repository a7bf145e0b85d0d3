package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The classes in the journeys of docs/architecture.md exist. */
final class ArchitecturePageTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern ROW = Pattern.compile("(?m)^\\| \\d+ \\|");

  /** A numbered row: package, class. */
  private static final Pattern STOP =
      Pattern.compile("(?m)^\\| \\d+ \\| (edge|broker)(\\.[a-z.]+) \\| `(\\w+)` \\|");

  @Test
  void everyStopIsAClassOfItsPackage() throws IOException {
    String page = Files.readString(TOP.resolve("docs/architecture.md"));
    List<MatchResult> stops = STOP.matcher(page).results().toList();

    assertThat(stops).hasSizeGreaterThan(40).hasSize((int) ROW.matcher(page).results().count());
    assertThat(stops)
        .allSatisfy(
            stop ->
                assertThat(
                        TOP.resolve(stop.group(1).equals("edge") ? "node-edge" : "broker")
                            .resolve("src/main/java/io/claviger")
                            .resolve((stop.group(1) + stop.group(2)).replace('.', '/'))
                            .resolve(stop.group(3) + ".java"))
                    .isRegularFile());
  }
}
