package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An answer as received.
 *
 * @param status of HTTP
 * @param headers the unparsed lines
 * @param body its text
 */
record RawAnswer(int status, List<String> headers, String body) {

  /** Returns the values of a header in the order received; names are case-insensitive. */
  List<String> header(String name) {
    return headers.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .toList();
  }

  JsonObject json() {
    return new JsonObject(body);
  }

  /** Asserts that it is a problem of this status and code, with a message. */
  void assertProblem(int expected, String code) {
    assertThat(status).isEqualTo(expected);
    assertThat(header("Content-Type")).containsExactly("application/json");
    assertThat(header("Cache-Control")).containsExactly("no-store");
    String message = json().getString("message");
    assertThat(message).isNotBlank();
    assertThat(body)
        .isEqualTo(
            "{\"code\":\"%s\",\"message\":\"%s\",\"Code\":\"%s\",\"Message\":\"%s\"}"
                .formatted(code, message, code, message));
  }
}
