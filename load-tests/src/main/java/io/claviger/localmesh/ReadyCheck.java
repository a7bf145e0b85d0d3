package io.claviger.localmesh;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Checks whether a running process is ready. */
@FunctionalInterface
interface ReadyCheck {

  /**
   * Empty when the process is ready, else what is missing.
   *
   * @param output of the process since its start
   */
  Optional<String> missing(String output) throws InterruptedException;

  /** Ready once a line of its output has this prefix. */
  static ReadyCheck saying(String start) {
    return output ->
        output.lines().anyMatch(line -> line.startsWith(start))
            ? Optional.empty()
            : Optional.of("its output has no line '" + start + "' yet");
  }

  /** Ready once the address returns 200. */
  static ReadyCheck answering(HttpClient client, URI readyz) {
    HttpRequest request = HttpRequest.newBuilder(readyz).timeout(Duration.ofSeconds(2)).build();
    return output -> {
      try {
        var answer = client.send(request, BodyHandlers.ofString());
        return answer.statusCode() == 200 ? Optional.empty() : Optional.of(answer.body().strip());
      } catch (IOException e) {
        return Optional.of(readyz + " does not answer");
      }
    };
  }
}
