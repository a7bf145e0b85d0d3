package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A broker's readiness, by its management port. */
final class BrokerCheck {

  private static final String NAME = "broker";
  private static final String MISSING = "not ready: ";
  private static final int READY = 200;

  /** Names of what can be missing, as a broker's {@code /readyz} says them. */
  private static final Map<String, String> FIXES =
      Map.of(
          "own identity",
          "the broker has no AWS credentials that STS takes: docs/iam.md, the brokers' own identity",
          "issuer keys",
          "the broker cannot fetch the issuer's keys: claviger.broker.clusters[0].jwks",
          "association table",
          "Kafka does not answer, or the broker is still reading: claviger.broker.kafka",
          "log topics as they have to be",
          "the broker's log says, a line each, which topic needs what",
          "other brokers",
          "brokers do not reach each other: claviger.broker.peers");

  private final Door door;

  BrokerCheck(Door door) {
    this.door = door;
  }

  List<Finding> look(URI management) {
    try {
      Door.Answer answer = door.get(management.resolve("/readyz"), "");
      String said = answer.body().strip();
      if (answer.status() == READY) {
        return List.of(Finding.ok(NAME, management + " is ready"));
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

  private static Finding missing(String condition) {
    return Finding.fail(
        NAME,
        "not ready: " + condition,
        FIXES.getOrDefault(condition, "docs/operations.md, ports and probes"));
  }
}
