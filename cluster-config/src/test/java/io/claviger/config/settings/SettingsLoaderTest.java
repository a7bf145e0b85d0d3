package io.claviger.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsLoaderTest {

  private static final String GOOD =
      """
      claviger:
        test:
          name: from-file
          members: [one, two]
          clusters:
            - name: a
            - name: b
              open: true
      """;

  @TempDir private Path directory;
  private final List<Path> files = new ArrayList<>();

  private SettingsLoaderTest file(String yaml) {
    try {
      files.add(Files.writeString(directory.resolve("settings-" + files.size()), yaml));
      return this;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private TestSettings load(Map<String, String> environment, String... sets) {
    return SettingsLoader.load(TestSettings.class, files, environment, List.of(sets));
  }

  private void fails(Map<String, String> environment, List<String> sets, String... messages) {
    assertThatThrownBy(() -> load(environment, sets.toArray(String[]::new)))
        .isInstanceOf(SettingsException.class)
        .message()
        .contains(messages);
  }

  private void fails(String... messages) {
    fails(Map.of(), List.of(), messages);
  }

  @Test
  void readsListsMapsAndDefaultsFromYaml() {
    TestSettings settings =
        file(GOOD
                + """
                          properties:
                            security.protocol: SSL
                            acks: all
                          note: hello
                      """)
            .load(Map.of());

    assertThat(settings.name()).isEqualTo("from-file");
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.maxRetries()).isEqualTo(7);
    assertThat(settings.note()).contains("hello");
    assertThat(settings.members()).containsExactly("one", "two");
    assertThat(settings.properties()).isEqualTo(Map.of("security.protocol", "SSL", "acks", "all"));
    assertThat(settings.clusters())
        .extracting(TestSettings.Cluster::name)
        .containsExactly("a", "b");
    assertThat(settings.clusters())
        .extracting(TestSettings.Cluster::open)
        .containsExactly(false, true);
  }

  @Test
  void letsTheEnvironmentWinOverFilesAndTheCommandLineOverBoth() {
    Map<String, String> environment =
        Map.of("CLAVIGER_TEST_NAME", "from-environment", "CLAVIGER_TEST_MAX_RETRIES", "8");

    file(GOOD);

    assertThat(load(Map.of()).name()).isEqualTo("from-file");
    assertThat(load(environment).name()).isEqualTo("from-environment");
    assertThat(load(environment).maxRetries()).isEqualTo(8);
    assertThat(load(environment, "name=from-set").name()).isEqualTo("from-set");
    assertThat(load(environment, "claviger.test.name=from-set").name()).isEqualTo("from-set");
    assertThat(load(environment, "name=a=b").name()).isEqualTo("a=b");
  }

  @Test
  void refusesANegativeDuration() {
    file(GOOD);

    assertThatThrownBy(() -> load(Map.of("CLAVIGER_TEST_TIMEOUT", "-5s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("must not be negative");
  }

  @Test
  void letsALaterFileWin() {
    file(GOOD).file("claviger: {test: {name: later, max-retries: 9}}");

    assertThat(load(Map.of()).name()).isEqualTo("later");
    assertThat(load(Map.of()).maxRetries()).isEqualTo(9);
    assertThat(load(Map.of()).members()).containsExactly("one", "two");
  }

  @Test
  void namesAKeyThatItDoesNotKnow() {
    file(GOOD + "    nmae: typo\n").fails("claviger.test.nmae");
  }

  @Test
  void namesAnUnknownKeyInAListAndOnTheCommandLine() {
    file(GOOD + "        opne: true\n").fails("claviger.test.clusters[1].opne");
    files.clear();
    file(GOOD).fails(Map.of(), List.of("nmae=typo"), "claviger.test.nmae");
  }

  @Test
  void namesAVariableThatItDoesNotKnowAndTheOneThatIsMeant() {
    file(GOOD)
        .fails(
            Map.of("CLAVIGER_TEST_NMAE", "x", "CLAVIGER_TEST_CLUSTERS_1__OPNE", "true"),
            List.of(),
            "CLAVIGER_TEST_CLUSTERS_1__OPNE is no setting; did you mean CLAVIGER_TEST_CLUSTERS_1__OPEN?",
            "CLAVIGER_TEST_NMAE is no setting; did you mean CLAVIGER_TEST_NAME?");
  }

  @Test
  void takesAVariableOfAMapForNoSetting() {
    file(GOOD)
        .fails(
            Map.of("CLAVIGER_TEST_PROPERTIES_ACKS", "all"),
            List.of(),
            "CLAVIGER_TEST_PROPERTIES_ACKS is no setting");
  }

  @Test
  void namesAVariableThatItDoesNotKnowBesideTheKeyThatIsMissingForIt() {
    file(GOOD.replace("    name: from-file\n", ""))
        .fails(Map.of("CLAVIGER_TEST_NMAE", "x"), List.of(), "TEST_NMAE", "claviger.test.name");
  }

  @Test
  void readsAVariableOfEveryKindOfSetting() {
    TestSettings settings =
        file(GOOD)
            .load(
                Map.of(
                    "CLAVIGER_TEST_MEMBERS", "three,four",
                    "CLAVIGER_TEST_CLUSTERS_1__NAME", "c",
                    "CLAVIGER_TEST_NOTE", "n"));

    assertThat(settings.members()).containsExactly("three", "four");
    assertThat(settings.clusters().get(1).name()).isEqualTo("c");
    assertThat(settings.note()).contains("n");
  }

  @Test
  void takesNothingFromWhatKubernetesSetsForServices() {
    Map<String, String> environment = new HashMap<>();
    for (String service : List.of("CLAVIGER_TEST", "CLAVIGER_TEST_MAX", "CLAVIGER_TEST_LISTEN")) {
      environment.put(service + "_SERVICE_HOST", "10.0.0.1");
      environment.put(service + "_SERVICE_PORT", "7443");
      environment.put(service + "_SERVICE_PORT_BRIDGE", "7443");
      environment.put(service + "_PORT", "tcp://10.0.0.1:7443");
      environment.put(service + "_PORT_7443_TCP", "tcp://10.0.0.1:7443");
      environment.put(service + "_PORT_7443_TCP_PROTO", "tcp");
      environment.put(service + "_PORT_7443_TCP_PORT", "7443");
      environment.put(service + "_PORT_7443_TCP_ADDR", "10.0.0.1");
    }

    assertThat(file(GOOD).load(environment).name()).isEqualTo("from-file");
    assertThat(load(environment).listen().port()).isEqualTo(80);
    environment.put("CLAVIGER_TEST_LISTEN_PORT", "81");
    assertThat(load(environment).listen().port()).isEqualTo(81);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CLAVIGER_TEST_PORT", "CLAVIGER_TEST_SERVICE_PORT", "CLAVIGER_TEST_PORT_80_TCP"})
  void namesWhatLooksLikeAServicesWhereThereIsNoService(String variable) {
    file(GOOD).fails(Map.of(variable, "tcp://10.0.0.1:80"), List.of(), variable);
  }

  @Test
  void namesAKeyThatIsMissing() {
    file(GOOD.replace("    name: from-file\n", "")).fails("claviger.test.name");
  }

  @Test
  void namesAValueThatIsOfAnotherType() {
    file(GOOD).fails(Map.of(), List.of("max-retries=many"), "claviger.test.max-retries", "many");
    file(GOOD)
        .fails(
            Map.of(),
            List.of("timeout=soon"),
            "claviger.test.timeout",
            "not a duration like 350ms, 8s, 10m or 1h: 'soon'");
  }

  @Test
  void saysAllProblemsAtOnce() {
    file(GOOD.replace("    name: from-file\n", "    nmae: typo\n"))
        .fails(
            Map.of(),
            List.of("max-retries=many"),
            "claviger.test.name",
            "claviger.test.nmae",
            "claviger.test.max-retries");
  }

  @Test
  void ignoresWhatIsOutsideOfItsPrefix() {
    file(GOOD + "other:\n  name: x\n");

    assertThat(load(Map.of("PATH", "/bin", "CLAVIGER_OTHER", "x")).name()).isEqualTo("from-file");
  }

  @Test
  void namesAFileThatIsNotYamlOrNotThere() {
    file("a: [1, ").fails(files.getFirst() + " is not YAML");
    files.clear();
    files.add(directory.resolve("none"));
    fails("cannot read the settings file " + files.getFirst());
  }

  @Test
  void saysHowToWriteAnAssignment() {
    file(GOOD).fails(Map.of(), List.of("name"), "--set needs key=value, not 'name'");
    fails(Map.of(), List.of("=x"), "--set needs key=value, not '=x'");
  }
}
