package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every test is in a tier: Maven finds it by its name, and at least one tier includes its tag. A
 * test without a tag runs in all tiers. A test with {@code ci} runs in {@code test --ci} and {@code
 * test --all}, one with {@code long} only in {@code test --all}.
 */
final class TiersTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of(
          "event-schemas",
          "cluster-config",
          "load-tests/fixtures",
          "broker",
          "node-edge",
          "load-tests");

  /** Runs apart from the module's other tests, if the module's POM has that execution. */
  private static final String ALONE = "alone";

  private static final Set<String> TAGS = Set.of(ALONE, "ci", "long");

  private static final Pattern TEST =
      Pattern.compile("(?m)^\\s*@(Test|ParameterizedTest|RepeatedTest|FuzzTest|ArchTest)\\b");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"?([^\")]*)\"?\\)");
  private static final Pattern NEVER = Pattern.compile("@(Disabled|EnabledIf|DisabledIf)\\w*\\b");
  private static final Pattern WITHOUT = Pattern.compile("<tests.without>([^<]*)</tests.without>");

  static List<Path> tests() throws IOException {
    try (Stream<Path> files =
        MODULES.stream()
            .map(TOP::resolve)
            .map(m -> m.resolve("src/test"))
            .flatMap(TiersTest::walk)) {
      return files.filter(file -> TEST.matcher(read(file)).find()).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("tests")
  void runsInATier(Path test) {
    String text = read(test);
    List<String> tags = TAG.matcher(text).results().map(tag -> tag.group(1)).toList();

    assertThat(test.getFileName().toString())
        .as("Maven runs *Test and *IT only")
        .matches(".*(Test|IT)\\.java");
    assertThat(tags).as("tags of tiers").isSubsetOf(TAGS);
    assertThat(NEVER.matcher(text).find()).as("never runs").isFalse();
    if (tags.contains(ALONE)) {
      assertThat(read(module(test).resolve("pom.xml"))).contains("<groups>alone</groups>");
    }
  }

  @Test
  void theLargestTierLeavesNothingOutAndTheOthersOnlyTagsOfTiers() throws IOException {
    List<String> without =
        WITHOUT.matcher(read(TOP.resolve("pom.xml"))).results().map(one -> one.group(1)).toList();

    assertThat(without).containsExactly("none", "ci | long", "long");
    assertThat(read(TOP.resolve("claviger"))).contains("-Pshort", "-Pci");
    assertThat(tests()).hasSizeGreaterThan(300);
  }

  private static Path module(Path test) {
    return MODULES.stream()
        .map(TOP::resolve)
        .filter(module -> test.startsWith(module.resolve("src")))
        .findAny()
        .orElseThrow();
  }

  private static Stream<Path> walk(Path directory) {
    try {
      return Files.walk(directory).filter(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
