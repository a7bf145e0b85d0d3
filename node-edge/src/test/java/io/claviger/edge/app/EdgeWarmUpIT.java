package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.settings.SettingsLoader;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.edge.ingress.IngressVertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The warm-up's own endpoint, on real sockets. */
final class EdgeWarmUpIT {

  private final IngressVertx ingress = IngressVertx.start(256);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void end() throws Exception {
    ingress.vertx().close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private EdgeWarmUp open(String... more) throws Exception {
    List<String> sets =
        List.of(
            "node=node-1",
            "upstream.brokers=127.0.0.1:1",
            "upstream.ca=ca.pem",
            "upstream.token-file=token");
    EdgeSettings settings =
        SettingsLoader.load(EdgeSettings.class, List.of(), Map.of(), concat(sets, more));
    return EdgeWarmUp.open(settings, ingress.vertx());
  }

  private static List<String> concat(List<String> sets, String... more) {
    return Stream.concat(sets.stream(), Stream.of(more)).toList();
  }

  @Test
  void runsAsManyRoundsAsConfigured() throws Exception {
    try (EdgeWarmUp ways = open("max-staleness=3s", "limits.concurrent-requests=1")) {
      for (int i = 0; i < 40; i++) {
        ways.run();
      }
    }
  }

  @Test
  void listensNoMoreOnceItIsClosed() throws Exception {
    EdgeWarmUp ways = open();
    int port = ways.port();
    new Socket("127.0.0.1", port).close();

    ways.close();

    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(ways::run).isInstanceOf(IOException.class);
  }

  @Test
  void givesNothingToAnybodyElse() throws Exception {
    try (EdgeWarmUp ways = open()) {
      HttpResponse<String> foreign = ask(ways.port(), "e30.e30.c2ln");
      HttpResponse<String> own = ask(ways.port(), WarmUpTokens.rs256());

      assertThat(foreign.statusCode()).isGreaterThanOrEqualTo(400);
      // Java's client sends the Host 127.0.0.1, and this endpoint rejects even loopback names.
      assertThat(own.statusCode()).isGreaterThanOrEqualTo(400);
    }
  }

  private HttpResponse<String> ask(int port, String token) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/credentials"))
            .header("Authorization", token)
            .build(),
        BodyHandlers.ofString());
  }
}
