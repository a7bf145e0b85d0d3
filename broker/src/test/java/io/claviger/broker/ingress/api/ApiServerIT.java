package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationCommands.UndecidedException;
import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.identity.RequestSignatures;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.telemetry.ApiMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.settings.SettingsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's endpoint alone: TLS, limits, and answers without a writer of the log. */
final class ApiServerIT {

  private static final RequestSignatures SIGNED =
      (request, service) ->
          new RequestSignatures.Signed(new ApiCaller(TestOperations.CALLER, null), () -> true);
  private static final ApiLimits LIMITS =
      new ApiLimits(
          10,
          10,
          16 * 1024,
          64 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          WatchLimits.usual());
  private static final String NEW =
      new JsonObject()
          .put("namespace", "shop")
          .put("serviceAccount", "cart")
          .put("roleArn", "arn:aws-cn:iam::111122223333:role/reader")
          .put("clientRequestToken", "token-1")
          .encode();

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir private Path directory = Path.of("");
  @TempDir private Path sealingKeys = Path.of("");
  private final List<HttpClient> clients = new ArrayList<>();
  private Certificates certificates;

  private record Answer(int status, String body, Optional<BigInteger> certificate) {}

  @BeforeEach
  void issue() throws Exception {
    certificates = new Certificates(directory);
    certificates.issue("api");
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private ApiServer server(String host, boolean tls, AssociationCommands commands)
      throws Exception {
    return new ApiServer(
        new HostPort(host, 0),
        tls
            ? Optional.of(
                new CertificateFiles(certificates.certificate("api"), certificates.key("api")))
            : Optional.empty(),
        LIMITS,
        SIGNED,
        TestOperations.of(sealingKeys, commands),
        new ApiMeters(meters),
        InstantSource.system());
  }

  private int started(boolean tls, AssociationCommands commands) throws Exception {
    ApiServer server = server("127.0.0.1", tls, commands);
    done(vertx.deployVerticle(server));
    return server.port();
  }

  /** Sends each request on its own connection, which trusts only the test's authority. */
  private Answer ask(int port, boolean tls, HttpMethod method, String body) {
    HttpClientOptions options = new HttpClientOptions().setKeepAlive(false).setSsl(tls);
    if (tls) {
      options.setTrustOptions(
          new PemTrustOptions().addCertPath(certificates.authorityFile().toString()));
    }
    HttpClient client = vertx.createHttpClient(options);
    // Keeps a reference: the garbage collector closes an unreferenced client.
    clients.add(client);
    return done(
        client
            .request(method, port, "127.0.0.1", "/clusters/c1/pod-identity-associations")
            .compose(request -> request.send(Buffer.buffer(body)))
            .compose(
                response ->
                    response
                        .body()
                        .map(
                            content ->
                                new Answer(
                                    response.statusCode(),
                                    content.toString(),
                                    serial(response.request().connection())))));
  }

  private static Optional<BigInteger> serial(HttpConnection connection) {
    try {
      return connection.isSsl()
          ? Optional.of(
              ((X509Certificate) connection.peerCertificates().getFirst()).getSerialNumber())
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void servesOverTlsAndShowsARenewedCertificateToNewConnections() throws Exception {
    int port = started(true, command -> new CompletableFuture<>());
    Answer first = ask(port, true, HttpMethod.GET, "");
    assertThat(first.status()).as(first.body()).isEqualTo(200);

    certificates.issue("api");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> !ask(port, true, HttpMethod.GET, "").certificate().equals(first.certificate()));
    assertThat(meters.get(ApiMeters.CERTIFICATES).tag("result", "replaced").counter().count())
        .isPositive();
  }

  @Test
  void isNotServedInPlainTextBeyondLoopback() {
    for (String host : new String[] {"0.0.0.0", "::", "192.0.2.1", "brokers.example.org"}) {
      assertThatThrownBy(() -> server(host, false, command -> new CompletableFuture<>()))
          .as(host)
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("claviger.broker.api.tls");
    }
  }

  @Test
  void isServedInPlainTextOnLoopback() throws Exception {
    int port = started(false, command -> new CompletableFuture<>());

    assertThat(ask(port, false, HttpMethod.GET, "").status()).isEqualTo(200);
  }

  /** The strangers use the address of the client, which is the harder case. */
  @Test
  void keepsAClientThatSignsHoweverManyConnectionsAreOpen() throws Exception {
    int port = started(false, command -> new CompletableFuture<>());
    HttpClient client =
        vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(1));
    clients.add(client);
    HttpConnection signing = connection(client, port);
    List<Socket> strangers = new ArrayList<>();
    for (int number = 0; number < 3 * LIMITS.connections(); number++) {
      strangers.add(new Socket("127.0.0.1", port));
    }

    assertThat(ask(port, false, HttpMethod.GET, "").status()).isEqualTo(200);
    assertThat(connection(client, port)).isSameAs(signing);
    for (Socket stranger : strangers) {
      stranger.close();
    }
  }

  /** Returns the connection of an answered request. */
  private static HttpConnection connection(HttpClient client, int port) {
    return done(
        client
            .request(HttpMethod.GET, port, "127.0.0.1", "/clusters/c1/pod-identity-associations")
            .compose(HttpClientRequest::send)
            .compose(response -> response.body().map(content -> response.request().connection())));
  }

  @Test
  void saysThatItMayStillBeDoneWhenNobodyDecides() throws Exception {
    int port =
        started(
            false, command -> CompletableFuture.failedFuture(new UndecidedException("no writer")));

    Answer answer = ask(port, false, HttpMethod.POST, NEW);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body())
        .contains("ServiceUnavailableException", "no writer", "clientRequestToken");
  }

  @Test
  void answersWithinItsDeadlineWhateverHappens() throws Exception {
    int port = started(false, command -> new CompletableFuture<>());

    Answer answer = ask(port, false, HttpMethod.POST, NEW);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("ServiceUnavailableException", "timed out");
  }
}
