package io.claviger.broker.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What the endpoint's answer means. */
final class AnswerCheck {

  static final String NAME = "credentials";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;

  /** Less than this left, and some SDKs fetch at every use. */
  private static final Duration SHORT = Duration.ofMinutes(15);

  private final InstantSource clock;
  private final Remedies remedies;

  /**
   * What was found.
   *
   * @param credentials absent when there are none
   */
  record Seen(Finding finding, Optional<Credentials> credentials) {}

  /** A session as it was served: secret, all but the key id. */
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
              "the answer is none of the container-credentials protocol",
              "is " + EnvironmentCheck.URI + " node-edge's?"),
          Optional.empty());
    }
  }

  private Finding life(String key, String account, Instant expiration) {
    Duration left = Duration.between(clock.instant(), expiration);
    String fact = "%s of account %s, ".formatted(key, account);
    if (!left.isPositive()) {
      return Finding.fail(
          NAME, fact + "expired at " + expiration, "compare this machine's clock with AWS's");
    }
    String good = fact + "good for " + Finding.lifetime(left);
    return left.compareTo(SHORT) < 0
        ? Finding.warn(
            NAME,
            good + ": it ought to have been renewed",
            "see claviger_edge_refreshes_total and the brokers: renewing does not work")
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
