package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Checks a broker's readiness, peers and STS calls on its management port. */
final class BrokerCheck {

  private static final String NAME = "broker";
  private static final String MISSING = "not ready: ";
  private static final String IDENTITY = "broker identity";
  private static final String OWN =
      "give the broker AWS credentials that STS accepts: see docs/own-identity.md";
  private static final String PEERS = "other brokers";
  private static final String APART =
      "check claviger.broker.peers and the network between the brokers";
  private static final int READY = 200;

  /** The longest STS call of the last minutes, by result. */
  private static final String CALLS = "claviger_sts_calls_seconds_max{";

  /** Addresses of {@code peers.members} that have not joined. */
  private static final String UNREACHED = "claviger_peers{state=\"unreached\"} ";

  /** The fix of each condition that a broker's {@code /readyz} names. */
  private static final Map<String, String> FIXES =
      Map.of(
          "own identity",
          OWN,
          "issuer keys",
          "the broker cannot fetch the issuer's keys: check claviger.broker.clusters[0].jwks",
          "association table",
          "Kafka does not answer, or the broker is still reading: check claviger.broker.kafka",
          "log topics as they have to be",
          "correct the topics: the broker's log has one line for each, with the required setting",
          "other brokers",
          APART,
          "enough brokers",
          "fewer brokers than claviger.broker.peers.min-brokers have joined: " + APART);

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
                  "check that it is a broker's management port (2706)"));
    } catch (IOException e) {
      return List.of(
          Finding.fail(
              NAME,
              management + " does not answer",
              "check that the broker runs, and that its management port is not on loopback only"));
    }
  }

  /** A broker may be ready although it has not joined the others. */
  private static Finding peers(List<String> metrics) {
    return metrics.stream()
        .filter(line -> line.startsWith(UNREACHED) && !line.endsWith(" 0.0"))
        .findFirst()
        .map(
            line ->
                Finding.warn(
                    PEERS,
                    "addresses of claviger.broker.peers.members that have not joined: "
                        + line.substring(UNREACHED.length()).replace(".0", ""),
                    APART + "; docs/runbook.md#brokers-do-not-find-each-other"))
        .orElseGet(() -> Finding.ok(PEERS, "every address of peers.members has joined"));
  }

  /** STS's answers of the last minutes. A broker may be ready although STS rejects its calls. */
  private static Finding sts(List<String> metrics) {
    List<String> lately =
        metrics.stream().filter(line -> line.startsWith(CALLS) && !line.endsWith(" 0.0")).toList();
    if (lately.stream().anyMatch(line -> line.contains("\"own-credentials\""))) {
      return Finding.fail(IDENTITY, "STS rejects the broker's own credentials", OWN);
    }
    return lately.stream().anyMatch(line -> line.contains("\"throttled\""))
        ? Finding.warn(IDENTITY, "STS throttles the broker", "docs/runbook.md#sts-throttles")
        : Finding.ok(IDENTITY, "no rejected credentials and no throttling at STS recently");
  }

  private static Finding missing(String condition) {
    return Finding.fail(
        NAME,
        "not ready: " + condition,
        FIXES.getOrDefault(condition, "docs/operations.md#probes"));
  }
}
