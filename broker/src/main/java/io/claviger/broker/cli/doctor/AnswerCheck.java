package io.claviger.broker.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Checks the endpoint's answer. */
final class AnswerCheck {

  static final String NAME = "credentials";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;

  /** If less is left, some SDKs fetch at every use. */
  private static final Duration SHORT = Duration.ofMinutes(15);

  private final InstantSource clock;
  private final Remedies remedies;

  /**
   * The result of the check.
   *
   * @param credentials empty when the endpoint returned none
   */
  record Seen(Finding finding, Optional<Credentials> credentials) {}

  /** The served session. All but the key id is secret. */
  record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {
    @Override
    public String toString() {
      return "Credentials[" + accessKeyId + "]";
    }
  }

  AnswerCheck(InstantSource clock, Remedies remedies) {
    this.clock = clock;
    this.remedies = remedies;
  }

  Seen look(HttpGet.Answer answer) {
    JsonNode body = json(answer.body());
    if (answer.status() != OK) {
      String message = body.path("message").asText("no message");
      return new Seen(
          Finding.fail(
              NAME,
              body.path("code").asText("HTTP " + answer.status()) + ": " + message,
              remedies.of(answer.status(), answer.reason())),
          Optional.empty());
    }
    return served(body);
  }

  private Seen served(JsonNode body) {
    String key = body.path("AccessKeyId").asText();
    try {
      Instant expiration = Instant.parse(body.path("Expiration").asText());
      return new Seen(
          life(key, body.path("AccountId").asText(), expiration),
          Optional.of(
              new Credentials(
                  key, body.path("SecretAccessKey").asText(), body.path("Token").asText())));
    } catch (DateTimeParseException e) {
      return new Seen(
          Finding.fail(
              NAME,
              "the answer does not follow the container-credentials protocol",
              "check that " + EnvironmentCheck.URI + " is node-edge's endpoint"),
          Optional.empty());
    }
  }

  private Finding life(String key, String account, Instant expiration) {
    Duration left = Duration.between(clock.instant(), expiration);
    String fact = "%s of account %s, ".formatted(key, account);
    if (!left.isPositive()) {
      return Finding.fail(
          NAME,
          fact + "expired at " + expiration,
          "compare the clock of this machine with the clock of AWS");
    }
    String good = fact + "good for " + Finding.lifetime(left);
    return left.compareTo(SHORT) < 0
        ? Finding.warn(
            NAME,
            good + ": node-edge should have renewed the session",
            "check claviger_edge_refreshes_total of node-edge, and the brokers")
        : Finding.ok(NAME, good);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
