package io.claviger.edge.app;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.settings.SettingsException;
import java.time.Duration;
import java.util.List;

/** Rejects settings that contradict each other or that no edge can work with. */
final class SettingsCheck {

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

  private SettingsCheck() {}

  /**
   * Checks what types cannot express.
   *
   * @throws SettingsException naming the keys
   */
  static void check(EdgeSettings settings) {
    EdgeSettings.Credentials credentials = settings.credentials();
    require(!settings.node().isBlank(), "node is empty");
    addresses(settings.listen(), "listen");
    addresses(settings.upstream().brokers(), "upstream.brokers");
    require(
        settings.upstream().brokers().stream().noneMatch(text -> HostPort.parse(text).port() == 0),
        "upstream.brokers has a broker without a port");
    addresses(List.of(settings.management().probes()), "management.probes");
    addresses(List.of(settings.management().metrics()), "management.metrics");
    require(
        credentials.refreshFraction() > 0 && credentials.refreshFraction() < 1,
        "credentials.refresh-fraction is not between 0 and 1");
    ordered(
        credentials.unavailablePause(),
        "credentials.unavailable-pause",
        credentials.deadline(),
        "credentials.deadline");
    ordered(
        settings.upstream().hedgeAfter(),
        "upstream.hedge-after",
        credentials.deadline(),
        "credentials.deadline");
    ordered(
        credentials.deadline(),
        "credentials.deadline",
        settings.upstream().flightDeadline(),
        "upstream.flight-deadline");
    ordered(
        credentials.deadline(),
        "credentials.deadline",
        settings.limits().slowClient(),
        "limits.slow-client");
    ordered(
        credentials.minRemaining(),
        "credentials.min-remaining",
        credentials.alarm(),
        "credentials.alarm");
    positive(credentials.tokenMemory(), "credentials.token-memory");
    require(
        settings.maxStaleness().orElse(SIGN_OF_LIFE).compareTo(SIGN_OF_LIFE) >= 0,
        "max-staleness is under 3 s: brokers give one sign of life a second");
    positive(settings.upstream().maxConnectionAge(), "upstream.max-connection-age");
    positive(settings.limits().concurrentRequests(), "limits.concurrent-requests");
    positive(settings.limits().concurrentRequestsPerPod(), "limits.concurrent-requests-per-pod");
    positive(settings.limits().workloads(), "limits.workloads");
    positive(settings.limits().tokens(), "limits.tokens");
    positive(settings.audit().maxQueued(), "audit.max-queued");
  }

  private static void addresses(List<String> texts, String key) {
    require(!texts.isEmpty(), key + " is empty");
    for (String text : texts) {
      address(text, key);
    }
  }

  private static void address(String text, String key) {
    try {
      HostPort.parse(text);
    } catch (SettingsException e) {
      throw new SettingsException("claviger.edge: " + key + ": " + e.getMessage());
    }
  }

  private static void ordered(Duration small, String smallKey, Duration large, String largeKey) {
    require(
        small.compareTo(large) <= 0,
        smallKey + " (" + small + ") is longer than " + largeKey + " (" + large + ")");
  }

  private static void positive(int value, String key) {
    require(value > 0, key + " is not positive");
  }

  private static void positive(Duration value, String key) {
    require(value.isPositive(), key + " is not positive");
  }

  private static void require(boolean right, String problem) {
    if (!right) {
      throw new SettingsException("claviger.edge: " + problem);
    }
  }
}
