package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.ingress.Certificates;
import io.claviger.config.settings.SettingsLoader;
import io.claviger.config.trust.WarmUpTokens;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole broker in this process without Kafka and STS; it never becomes ready. */
@Tag("ci")
final class WarmBeforeReadyIT {

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private int management;

  @Test
  void isNotReadyBeforeItIsWarmAndHasWarmedUpWithoutATrace() throws Exception {
    BrokerProcess broker = finish(BrokerProcess.start(settings()));
    try {
      assertThat(get("/readyz")).contains("warmed up");

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(get("/readyz")).doesNotContain("warmed up"));

      assertThat(get("/readyz")).startsWith("not ready: association table");
      assertThat(get("/metrics").lines().filter(line -> line.startsWith("claviger_")))
          .anyMatch(line -> line.matches("claviger_warm_up_seconds 0*[1-9]?[0-9]*\\.[0-9E-]+"))
          .anyMatch(line -> line.equals("claviger_events_queued 0.0"))
          .anyMatch(line -> line.equals("claviger_store_size 0.0"))
          .noneMatch(line -> line.startsWith("claviger_issue_outcomes"))
          .noneMatch(line -> line.startsWith("claviger_ingress_requests_total"))
          .noneMatch(line -> line.startsWith("claviger_sts_calls") && line.contains("opened"))
          .noneMatch(line -> line.contains(WarmUpTokens.CLUSTER));
    } finally {
      finish(broker.stop());
    }
  }

  private BrokerSettings settings() throws Exception {
    Certificates certificates = new Certificates(directory);
    certificates.issue("broker-1");
    Path keys = Files.createDirectory(directory.resolve("sealing-keys"));
    Files.writeString(keys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(keys.resolve("active"), "one");
    int hazelcast = freePort();
    management = freePort();
    String tls =
        "{certificate: %s, key: %s}"
            .formatted(certificates.certificate("broker-1"), certificates.key("broker-1"));
    Path file =
        Files.writeString(
            directory.resolve("broker.yaml"),
            """
            claviger:
              broker:
                name: broker-1
                clusters:
                  - name: prod
                    arn: arn:aws:eks:eu-central-1:123456789012:cluster/prod
                    account: "123456789012"
                    region: eu-central-1
                    issuer: https://issuer.test
                    jwks:
                      file: %1$s/jwks.json
                    edge-service-accounts: [claviger/node-edge]
                bridge:
                  tls: %2$s
                peers:
                  mesh: warm-before-ready
                  port: %3$d
                  members: ["127.0.0.1:%3$d"]
                  bus-port: %4$d
                  tls: %2$s
                  ca: %5$s
                  sealing-keys: %6$s
                kafka:
                  bootstrap-servers: 127.0.0.1:%7$d
                sts:
                  region: eu-central-1
                  endpoint: http://127.0.0.1:%7$d
                management:
                  port: %8$d
            """
                .formatted(
                    directory,
                    tls,
                    hazelcast,
                    freePort(),
                    certificates.authorityFile(),
                    keys,
                    freePort(),
                    management));
    return SettingsLoader.load(BrokerSettings.class, List.of(file), Map.of(), List.of());
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }
}
