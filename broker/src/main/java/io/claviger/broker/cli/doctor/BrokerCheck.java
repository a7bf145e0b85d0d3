package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A broker's readiness, and how STS takes it, by its management port. */
final class BrokerCheck {

  private static final String NAME = "broker";
  private static final String MISSING = "not ready: ";
  private static final String IDENTITY = "broker identity";
  private static final String OWN =
      "the broker has no AWS credentials that STS takes: docs/iam.md, the brokers' own identity";
  private static final String PEERS = "other brokers";
  private static final String APART = "brokers do not reach each other: claviger.broker.peers";
  private static final int READY = 200;

  /** The longest call of the last minutes, by result. */
  private static final String CALLS = "claviger_sts_calls_seconds_max{";

  /** Addresses of the other brokers' names that are no member's. */
  private static final String UNREACHED = "claviger_peers{state=\"unreached\"} ";

  /** Names of what can be missing, as a broker's {@code /readyz} says them. */
  private static final Map<String, String> FIXES =
      Map.of(
          "own identity",
          OWN,
          "issuer keys",
          "the broker cannot fetch the issuer's keys: claviger.broker.clusters[0].jwks",
          "association table",
          "Kafka does not answer, or the broker is still reading: claviger.broker.kafka",
          "log topics as they have to be",
          "the broker's log says, a line each, which topic needs what",
          "other brokers",
          APART,
          "enough brokers",
          "fewer than claviger.broker.peers.min-brokers have joined; " + APART);

  private final HttpGet http;

  BrokerCheck(HttpGet http) {
    this.http = http;
  }

  List<Finding> look(URI management) {
    try {
      HttpGet.Answer answer = http.get(management.resolve("/readyz"), "");
      String said = answer.body().strip();
      if (answer.status() == READY) {
        List<String> metrics = http.get(management.resolve("/metrics"), "").body().lines().toList();
        return List.of(Finding.ok(NAME, management + " is ready"), peers(metrics), sts(metrics));
      }
      return said.startsWith(MISSING)
          ? Arrays.stream(said.substring(MISSING.length()).split(", ", -1))
              .map(BrokerCheck::missing)
              .toList()
          : List.of(
              Finding.fail(
                  NAME,
                  management + " answers " + answer.status(),
                  "is that a broker's management port (2706)?"));
    } catch (IOException e) {
      return List.of(
          Finding.fail(
              NAME, management + " does not answer", "does the broker run? It may be on loopback"));
    }
  }

  /** A broker is ready also when it has not found the others. */
  private static Finding peers(List<String> metrics) {
    return metrics.stream()
        .filter(line -> line.startsWith(UNREACHED) && !line.endsWith(" 0.0"))
        .findFirst()
        .map(
            line ->
                Finding.warn(
                    PEERS,
                    "not joined, of the addresses that claviger.broker.peers.members has: "
                        + line.substring(UNREACHED.length()).replace(".0", ""),
                    APART + "; docs/operations.md, brokers do not find each other"))
        .orElseGet(() -> Finding.ok(PEERS, "every address of peers.members is joined"));
  }

  /** What STS answered in the last minutes: a broker is ready also when that is nothing good. */
  private static Finding sts(List<String> metrics) {
    List<String> lately =
        metrics.stream().filter(line -> line.startsWith(CALLS) && !line.endsWith(" 0.0")).toList();
    if (lately.stream().anyMatch(line -> line.contains("\"own-credentials\""))) {
      return Finding.fail(IDENTITY, "STS does not take the broker's own credentials", OWN);
    }
    return lately.stream().anyMatch(line -> line.contains("\"throttled\""))
        ? Finding.warn(
            IDENTITY, "STS throttles the broker", "docs/operations.md, when something is away")
        : Finding.ok(IDENTITY, "STS has refused nothing for the broker's sake lately");
  }

  private static Finding missing(String condition) {
    return Finding.fail(
        NAME,
        "not ready: " + condition,
        FIXES.getOrDefault(condition, "docs/operations.md, ports and probes"));
  }
}
