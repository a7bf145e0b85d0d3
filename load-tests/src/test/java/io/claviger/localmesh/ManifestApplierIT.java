package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API that is not available yet, like that of a broker that has just started. */
final class ManifestApplierIT {

  /** More than the attempts of an SDK. */
  private static final int UNAVAILABLE_TIMES = 8;

  private static final String MANIFEST =
      """
      apiVersion: claviger.io/v1alpha1
      kind: PodIdentityAssociation
      metadata: {name: checkout, namespace: shop}
      spec: {serviceAccount: checkout, roleArn: "arn:aws:iam::123456789012:role/checkout"}
      """;

  private static final String CREATED =
      """
      {"association":{"associationArn":"arn:aws:eks:eu-central-1:123456789012:podidentityassociation/local/a-1",
      "associationId":"a-1","clusterName":"local","namespace":"shop","serviceAccount":"checkout",
      "roleArn":"arn:aws:iam::123456789012:role/checkout","tags":{}}}
      """;

  @TempDir private Path directory;

  private final HttpServer server = server();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger creates = new AtomicInteger();

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void apply() throws IOException {
    Path manifest = Files.writeString(directory.resolve("associations.yaml"), MANIFEST);
    new ManifestApplier(
            () -> new StallDetector(Duration.ofMinutes(1), () -> Duration.ZERO, System::nanoTime))
        .apply(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            ClusterFacts.LOCAL,
            new MeshState.AdminKey("ADMIN", "secret-of-some-length"),
            manifest);
  }

  private static void answer(HttpExchange call, int status, String error, String body)
      throws IOException {
    call.getRequestBody().readAllBytes();
    call.getResponseHeaders().set("Content-Type", "application/json");
    if (!error.isEmpty()) {
      call.getResponseHeaders().set("x-amzn-ErrorType", error);
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = call.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void unavailable(HttpExchange call) throws IOException {
    answer(call, 503, "ServiceUnavailableException", "{\"message\":\"not caught up yet\"}");
  }

  @Test
  void asksAgainWhileTheApiIsUnavailable() throws IOException {
    server.createContext(
        "/",
        call -> {
          boolean list = call.getRequestMethod().equals("GET");
          AtomicInteger asked = list ? lists : creates;
          if (asked.incrementAndGet() <= UNAVAILABLE_TIMES) {
            unavailable(call);
          } else {
            answer(call, 200, "", list ? "{\"associations\":[]}" : CREATED);
          }
        });
    server.start();

    apply();

    assertThat(lists).hasValueGreaterThan(UNAVAILABLE_TIMES);
    assertThat(creates).hasValue(UNAVAILABLE_TIMES + 1);
  }

  @Test
  void saysARefusalAtOnce() {
    server.createContext(
        "/",
        call -> {
          if (call.getRequestMethod().equals("GET")) {
            answer(call, 200, "", "{\"associations\":[]}");
          } else {
            creates.incrementAndGet();
            answer(call, 400, "InvalidParameterException", "{\"message\":\"no such role\"}");
          }
        });
    server.start();

    assertThatThrownBy(this::apply)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("associations.yaml cannot be applied")
        .hasMessageContaining("no such role");
    assertThat(creates).hasValue(1);
  }
}
