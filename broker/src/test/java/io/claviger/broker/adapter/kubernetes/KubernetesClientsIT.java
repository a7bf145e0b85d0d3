package io.claviger.broker.adapter.kubernetes;

import static io.claviger.broker.adapter.kubernetes.MockedApiServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.ingress.Certificates;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single calls to an API server. */
final class KubernetesClientsIT {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<HttpVersion> versions = ConcurrentHashMap.newKeySet();

  /** Connections that receive no further answer. */
  private final Set<HttpConnection> silent = ConcurrentHashMap.newKeySet();

  @TempDir private Path directory = Path.of("");
  private @Nullable KubernetesClient client;

  private ApiCalls serve(boolean alpn) throws Exception {
    Certificates certificates = new Certificates(directory);
    certificates.issue("server");
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(alpn)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertPath(certificates.certificate("server").toString())
                    .addKeyPath(certificates.key("server").toString()));
    int port =
        await(
                vertx
                    .createHttpServer(options)
                    .connectionHandler(connections::add)
                    .requestHandler(this::answer)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage())
            .actualPort();
    client =
        KubernetesClients.openForCalls(
            vertx,
            URI.create("https://127.0.0.1:" + port),
            Files.writeString(directory.resolve("token"), "of-the-broker"),
            certificates.authorityFile());
    return new ApiCalls(vertx, client, LONG);
  }

  @AfterEach
  void close() throws Exception {
    if (client != null) {
      client.close();
    }
    await(vertx.close().toCompletionStage());
  }

  private void answer(HttpServerRequest request) {
    versions.add(request.version());
    if (!silent.contains(request.connection())) {
      // After the others have arrived: each of them waits for its answer.
      vertx.setTimer(100, timer -> request.response().end("{}"));
    }
  }

  @Test
  void manyCallsAtOnceShareFourConnections() throws Exception {
    ApiCalls calls = serve(true);
    List<Future<ApiCalls.Answer>> asked =
        IntStream.range(0, 300).mapToObj(i -> calls.get("/api/v1/pods/" + i)).toList();

    await(Future.all(asked).toCompletionStage());

    assertThat(asked).allMatch(answer -> answer.result().status() == 200);
    assertThat(versions).containsExactly(HttpVersion.HTTP_2);
    assertThat(connections).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void callsOfHttp11DoNotWaitForEachOther() throws Exception {
    ApiCalls calls = serve(false);
    await(calls.get("/first").toCompletionStage());

    long began = System.nanoTime();
    List<Future<ApiCalls.Answer>> asked =
        IntStream.range(0, 100).mapToObj(i -> calls.get("/api/v1/pods/" + i)).toList();
    await(Future.all(asked).toCompletionStage());

    // In sequence they would take ten seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    assertThat(versions).containsExactly(HttpVersion.HTTP_1_1);
  }

  /** The connection may lead to a host that no longer exists. */
  @Test
  void aCallOnAConnectionThatBringsNothingIsSentOnAnother() throws Exception {
    ApiCalls calls = serve(true);
    await(calls.get("/first").toCompletionStage());
    silent.addAll(connections);

    assertThat(await(calls.get("/second").toCompletionStage()).status()).isEqualTo(200);

    assertThat(connections).hasSizeGreaterThan(silent.size());
  }
}
