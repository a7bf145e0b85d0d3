package io.claviger.broker.cli.doctor;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;

/** A pod's token, files and answers for the checks. */
final class Samples {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final String AUDIENCE = "pods.eks.amazonaws.com";
  static final Remedies REMEDIES =
      new Remedies(
          "one", "arn:aws:eks:eu-central-1:123456789012:cluster/one", AUDIENCE, "shop", "checkout");

  static final String CLAIMS =
      """
      {"iss":"https://issuer.example","aud":["pods.eks.amazonaws.com"],"exp":%d,
       "kubernetes.io":{"namespace":"shop","serviceaccount":{"name":"checkout"},
                        "pod":{"name":"checkout-0"},"node":{"name":"node-1"}}}
      """
          .formatted(NOW.plus(Duration.ofHours(23)).getEpochSecond());

  private Samples() {}

  static String token(String claims) {
    return base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + ".c2lnbmF0dXJl";
  }

  static PodToken podToken() {
    try {
      return PodToken.parse(token(CLAIMS));
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  static TokenFileCheck.TextFile files(Map<String, String> texts) {
    return file -> {
      String text = texts.get(file.toString());
      if (text == null) {
        throw new NoSuchFileException(file.toString());
      }
      return text;
    };
  }

  static HttpGet.Answer answer(int status, String reason, String body) {
    return new HttpGet.Answer(status, reason, body, Duration.ofMillis(12));
  }

  static String credentials(Duration life) {
    return """
        {"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"very-secret","Token":"very-session",
         "AccountId":"123456789012","Expiration":"%s"}
        """
        .formatted(NOW.plus(life));
  }

  static String problem(String code, String message) {
    return "{\"code\":\"%s\",\"message\":\"%s\"}".formatted(code, message);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
