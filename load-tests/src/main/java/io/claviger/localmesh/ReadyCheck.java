package io.claviger.localmesh;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Whether a member that runs is ready. */
@FunctionalInterface
interface ReadyCheck {

  /**
   * Nothing when it is ready, else what is missing.
   *
   * @param output what the member has said since its start
   */
  Optional<String> missing(String output) throws InterruptedException;

  /** Ready once a line of its output starts so. */
  static ReadyCheck saying(String start) {
    return output ->
        output.lines().anyMatch(line -> line.startsWith(start))
            ? Optional.empty()
            : Optional.of("it has not said " + start + " yet");
  }

  /** Ready once the address answers 200. */
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
