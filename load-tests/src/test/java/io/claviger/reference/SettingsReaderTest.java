package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.broker.app.BrokerSettings;
import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import io.claviger.edge.app.EdgeSettings;
import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SettingsReaderTest {

  private static final Map<String, String> GOOD =
      Map.of(
          "text", "x",
          "list of texts", "x",
          "number", "7",
          "fraction", "0.5",
          "`true` or `false`", "true",
          "duration", "7s",
          "path", "x",
          "URL", "https://x.example");

  /** Types that do not accept every text. */
  private static final List<String> STRICT = List.of("number", "fraction", "duration");

  @TempDir private Path directory;

  record Program(Class<?> settings, List<SettingsGroup> groups) {

    List<Setting> all() {
      return groups.stream().flatMap(group -> group.settings().stream()).toList();
    }

    Map<String, String> variables(Predicate<Setting> wanted) {
      return all().stream()
          .filter(wanted)
          .collect(
              Collectors.toMap(
                  setting -> setting.variable().orElseThrow(), setting -> good(setting)));
    }

    private static String good(Setting setting) {
      return Objects.requireNonNull(GOOD.get(setting.type()), setting.type());
    }

    void load(Map<String, String> environment, List<String> sets) {
      SettingsLoader.load(settings, List.of(), environment, sets);
    }

    @Override
    public String toString() {
      return settings.getSimpleName();
    }
  }

  static Stream<Program> programs() {
    Reference reference = new Reference(Path.of("..").toAbsolutePath().normalize());
    return Stream.of(
        new Program(BrokerSettings.class, reference.brokerSettings()),
        new Program(EdgeSettings.class, reference.edgeSettings()));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyKeyIsOneThatTheProgramKnows(Program program) {
    List<String> sets =
        program.all().stream()
            .map(setting -> setting.key().replace("*", "x") + "=" + Program.good(setting))
            .toList();

    program.load(Map.of(), sets);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theVariablesOfRequiredSettingsAreEnoughToStart(Program program) {
    program.load(program.variables(Setting::required), List.of());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aRequiredSettingCannotBeLeftOut(Program program) {
    for (Setting setting : program.all().stream().filter(Setting::required).toList()) {
      Map<String, String> others =
          program.variables(other -> other.required() && !other.equals(setting));

      assertThatThrownBy(() -> program.load(others, List.of()))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(setting.key());
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theVariableOfASettingIsRead(Program program) {
    for (Setting setting : program.all()) {
      if (STRICT.contains(setting.type()) && setting.variable().isPresent()) {
        Map<String, String> wrong = new HashMap<>(program.variables(Setting::required));
        wrong.put(setting.variable().orElseThrow(), "nonsense");

        assertThatThrownBy(() -> program.load(wrong, List.of()))
            .isInstanceOf(SettingsException.class)
            .hasMessageContaining(setting.key());
      }
    }
  }

  private List<SettingsGroup> read(String members) throws IOException {
    Path file = directory.resolve("Some.java");
    Files.writeString(file, "/** Some. */\ninterface Some {\n" + members + "\n}\n");
    return SettingsReader.read(SourceFile.read(file), "claviger.some");
  }

  @Test
  void aSettingWithoutJavadocIsNamed() {
    assertThatThrownBy(() -> read("int maxAge();"))
        .isInstanceOf(MeshException.class)
        .hasMessage("claviger.some.max-age has no javadoc: write there what it means");
  }

  @Test
  void aGroupTakesItsMeaningFromWhereItIsUsedOrElseFromItself() throws IOException {
    List<SettingsGroup> groups =
        read(
            """
            /** Used. */
            Part first();
            Optional<Part> second();
            /** Itself. */
            interface Part { /** A {@code part's}
              * age. */ @WithDefault("5s") Duration age(); }
            """);

    assertThat(groups)
        .extracting(SettingsGroup::key, SettingsGroup::meaning)
        .containsExactly(
            tuple("claviger.some", "Some."),
            tuple("claviger.some.first", "Used."),
            tuple("claviger.some.second", "Itself."));
    assertThat(groups.getLast().settings().getFirst().meaning()).isEqualTo("A `part's` age.");
    assertThat(groups.getLast().settings().getFirst().standing()).isEqualTo("`5s`");
  }

  @Test
  void aMemberOfAMapHasAFreePartInItsKeyAndNoVariable() throws IOException {
    Setting key =
        read("/** P. */ Map<String, Part> part(); interface Part { /** K. */ Path key(); }")
            .getLast()
            .settings()
            .getFirst();

    assertThat(key.key()).isEqualTo("claviger.some.part.*.key");
    assertThat(key.required()).isFalse();
    assertThat(key.variable()).isEmpty();
  }

  @Test
  void aMemberOfAnOptionalGroupIsRequiredOnlyWithIt() throws IOException {
    Setting key =
        read("/** P. */ Optional<Part> part(); interface Part { /** K. */ Path key(); }")
            .getLast()
            .settings()
            .getFirst();

    assertThat(key.required()).isFalse();
    assertThat(key.standing()).isEqualTo("required with `claviger.some.part`");
  }
}
