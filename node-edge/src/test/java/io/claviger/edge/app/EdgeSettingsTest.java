package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeSettingsTest {

  private static final List<String> ENOUGH =
      List.of(
          "node=node-1",
          "upstream.brokers=broker.test:7443",
          "upstream.ca=/ca.pem",
          "upstream.token-file=/token");

  private static EdgeSettings load(String... more) {
    List<String> sets = new ArrayList<>(ENOUGH);
    sets.addAll(List.of(more));
    return SettingsLoader.load(EdgeSettings.class, List.of(), Map.of(), sets);
  }

  @Test
  void areWhatEverySdkNeedsUnlessTheySaySomethingElse() {
    EdgeSettings settings = load();

    SettingsCheck.check(settings);

    assertThat(settings.listen()).containsExactly("169.254.170.23:80", "[fd00:ec2::23]:80");
    assertThat(settings.allowLoopbackHost()).isFalse();
    assertThat(settings.credentials().deadline()).isEqualTo(Duration.ofMillis(900));
    assertThat(settings.credentials().unavailablePause()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.credentials().refreshFraction()).isEqualTo(0.5);
    assertThat(settings.credentials().minRemaining()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.credentials().alarm()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.credentials().refusalMemory()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.credentials().tokenMemory()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.upstream().hedgeAfter()).isEqualTo(Duration.ofMillis(350));
    assertThat(settings.upstream().flightDeadline()).isEqualTo(Duration.ofSeconds(8));
    assertThat(settings.audit().maxQueued()).isEqualTo(10_000);
    assertThat(settings.management().probes()).isEqualTo("127.0.0.1:2703");
    assertThat(settings.management().metrics()).isEqualTo("127.0.0.1:2705");
  }

  @Test
  void nameAKeyThatNobodyKnows() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> load("credentials.deadlin=1s"))
        .withMessageContaining("claviger.edge.credentials.deadlin");
  }

  @Test
  void nameAKeyOfAFileThatNobodyKnows(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(directory.resolve("edge.yaml"), "claviger:\n  edge:\n    colour: blue\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsLoader.load(EdgeSettings.class, List.of(file), Map.of(), ENOUGH))
        .withMessageContaining("claviger.edge.colour");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "upstream.brokers", "upstream.ca", "upstream.token-file"})
  void nameAKeyThatIsMissing(String key) {
    List<String> sets = ENOUGH.stream().filter(set -> !set.startsWith(key + "=")).toList();

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsLoader.load(EdgeSettings.class, List.of(), Map.of(), sets))
        .withMessageContaining("claviger.edge." + key);
  }

  @ParameterizedTest
  @CsvSource({
    "credentials.unavailable-pause=901ms, credentials.deadline",
    "credentials.deadline=9s, upstream.flight-deadline",
    "upstream.hedge-after=1s, credentials.deadline",
    "limits.slow-client=800ms, credentials.deadline",
    "credentials.min-remaining=16m, credentials.alarm",
    "credentials.min-remaining=-1s, credentials.min-remaining",
    "credentials.refresh-fraction=1, credentials.refresh-fraction",
    "credentials.refresh-fraction=0, credentials.refresh-fraction",
    "credentials.refusal-memory=-1s, credentials.refusal-memory",
    "credentials.token-memory=0s, credentials.token-memory",
    "upstream.max-connection-age=0s, upstream.max-connection-age",
    "upstream.hedge-after=-1ms, upstream.hedge-after",
    "drain=-1s, drain",
    "handover-pause=-1s, handover-pause",
    "limits.concurrent-requests=0, limits.concurrent-requests",
    "limits.concurrent-requests-per-pod=0, limits.concurrent-requests-per-pod",
    "limits.workloads=0, limits.workloads",
    "limits.tokens=-1, limits.tokens",
    "audit.max-queued=0, audit.max-queued",
    "listen=169.254.170.23, listen",
    "listen=fd00:ec2::23:80, listen",
    "upstream.brokers=broker, upstream.brokers",
    "upstream.brokers=broker:0, upstream.brokers",
    "management.probes=2703, management.probes",
    "management.metrics=x:y, management.metrics",
  })
  void nameTheKeyOfWhatNoEdgeCanWorkWith(String set, String key) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsCheck.check(load(set)))
        .withMessageContaining("claviger.edge")
        .withMessageContaining(key);
  }

  @Test
  void mustNameAnAddressToListenOn() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsCheck.check(load("listen=")))
        .withMessageContaining("listen");
  }

  @Test
  void mustNameANode() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsCheck.check(load("node= ")))
        .withMessageContaining("node");
  }
}
