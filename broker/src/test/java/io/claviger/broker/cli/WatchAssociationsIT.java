package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Watches a server that returns prepared answers and then rejects the watch. */
final class WatchAssociationsIT {

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<@Nullable String> asked = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private final HttpServer server;
  private String query = "";
  private String authorization = "";

  private record Answer(int status, String body) {}

  WatchAssociationsIT() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
    query = exchange.getRequestURI().toString();
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    Answer next = answers.isEmpty() ? new Answer(403, "no grant") : answers.remove();
    byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(next.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void followToTheRefusal() {
    ApiAccess access =
        new ApiAccess(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "one",
            "eu-central-1",
            Optional.empty(),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")));
    try (SignedHttp http = access.connectToWatch()) {
      WatchAssociations watch =
          new WatchAssociations(http, "one", "shop", "a b", this::seen, note -> {}, () -> {});
      assertThatThrownBy(watch::follow).hasMessageContaining("no grant");
    }
  }

  private void seen(JsonNode event) {
    seen.add(event.path("type").asText());
  }

  @Test
  void goesOnWhereTheConnectionEnded() {
    answers.add(
        new Answer(
            200,
            ":\n\ndata: {\"type\":\"ADDED\"}\n\nid: 7-3\ndata: {\"type\":\"BOOKMARK\"}\n\nid: 7-4\n"));
    answers.add(new Answer(503, "not yet"));
    answers.add(new Answer(200, "id: 7-9\ndata: {\"type\":\"DELETED\"}\n\n"));

    followToTheRefusal();

    assertThat(seen).containsExactly("ADDED", "BOOKMARK", "DELETED");
    assertThat(asked).containsExactly(null, "7-3", "7-3", "7-9");
    assertThat(query)
        .isEqualTo(
            "/clusters/one/pod-identity-associations?watch=true&namespace=shop&serviceAccount=a%20b");
    assertThat(authorization).startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/");
  }

  @Test
  void beginsAnewWhereNobodyKnowsWhatHasChanged() {
    answers.add(new Answer(200, "id: 7-3\ndata: {\"type\":\"BOOKMARK\"}\n\n"));
    answers.add(new Answer(410, "gone"));

    followToTheRefusal();

    assertThat(asked).containsExactly(null, "7-3", null);
  }
}
