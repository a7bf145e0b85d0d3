package io.claviger.config.lifecycle;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ManagementServerIT {

  private static final HostPort ANYWHERE = new HostPort("127.0.0.1", 0);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean table = new AtomicBoolean();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ManagementServer server = new ManagementServer(vertx, readiness, meters);
  private int port;

  @BeforeEach
  void listen() {
    readiness.require("association table", table::get);
    readiness.require("keys", () -> false);
    port = await(server.listen(ANYWHERE));
  }

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
    client.close();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void says(HttpResponse<String> response, int status, String body) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo(body);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
  }

  @Test
  void isAliveWhateverIsMissing() throws Exception {
    says(ask("GET", "/healthz"), 200, "ok\n");
  }

  @Test
  void namesWhatIsMissingUntilItIsReady() throws Exception {
    says(ask("GET", "/readyz"), 503, "not ready: association table, keys\n");

    table.set(true);
    says(ask("GET", "/readyz"), 503, "not ready: keys\n");
    readiness.require("keys", () -> true);
    says(ask("GET", "/readyz"), 200, "ready\n");
  }

  @Test
  void showsMetersInPrometheusText() throws Exception {
    meters.counter("claviger.test.things").increment(3);

    HttpResponse<String> metrics = ask("GET", "/metrics");

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body()).contains("claviger_test_things_total 3.0");
  }

  @Test
  void showsTheDocumentsOfItsProgram() throws Exception {
    server.with("/things", () -> "{\"size\":3}").with("/broken", () -> missing("bug"));

    HttpResponse<String> things = ask("GET", "/things");

    assertThat(things.statusCode()).isEqualTo(200);
    assertThat(things.body()).isEqualTo("{\"size\":3}\n");
    assertThat(things.headers().firstValue("Content-Type")).contains("application/json");
    says(ask("GET", "/broken"), 500, "failed\n");
    says(ask("GET", "/other"), 404, "/broken, /things, /healthz, /readyz or /metrics\n");
  }

  private static String missing(String why) {
    throw new IllegalStateException(why);
  }

  @Test
  void knowsNoOtherPathAndNoOtherMethod() throws Exception {
    says(ask("GET", "/"), 404, "/healthz, /readyz or /metrics\n");
    says(ask("GET", "/healthz/"), 404, "/healthz, /readyz or /metrics\n");
    says(ask("POST", "/healthz"), 405, "only GET\n");
  }

  @Test
  void refusesAHeaderBlockThatIsTooLong() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                .header("X-Long", "x".repeat(10_000))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(431);
  }

  @Test
  void closesAConnectionWithMoreLinesThanClientsSend() throws Exception {
    try (Socket stranger = new Socket("127.0.0.1", port)) {
      stranger.setSoTimeout(10_000);
      stranger
          .getOutputStream()
          .write(("GET /healthz HTTP/1.1\r\n" + "X:\r\n".repeat(200)).getBytes(US_ASCII));

      assertThat(stranger.getInputStream().read()).isNegative();
    }
  }

  /** All from the same address, which is harder than from several. */
  @Test
  void answersHoweverManyConnectionsAreOpen() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    for (int number = 0; number < 200; number++) {
      strangers.add(new Socket("127.0.0.1", port));
    }

    says(ask("GET", "/healthz"), 200, "ok\n");
    Awaitility.await()
        .until(() -> strangers.stream().filter(ManagementServerIT::isClosed).count() >= 72);
    for (Socket stranger : strangers) {
      stranger.close();
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void listensOnSeveralAddressesUntilItIsClosed() throws Exception {
    int first = port;
    port = await(server.listen(ANYWHERE));
    assertThat(port).isNotEqualTo(first);
    says(ask("GET", "/healthz"), 200, "ok\n");

    await(server.close());

    assertThatThrownBy(() -> ask("GET", "/healthz")).isInstanceOf(IOException.class);
  }

  @Test
  void saysWhichAddressItCannotBind() {
    assertThatThrownBy(() -> await(server.listen(new HostPort("127.0.0.1", port))))
        .hasRootCauseInstanceOf(java.net.BindException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + port + ": Address already in use");
  }
}
