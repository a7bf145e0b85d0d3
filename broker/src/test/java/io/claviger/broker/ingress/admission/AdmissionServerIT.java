package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.association.DeclaredAssociations;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.config.lifecycle.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The webhook's door by itself, as an API server comes to it: TLS, HTTP, and its limits. */
final class AdmissionServerIT {

  private static final String JSON = "application/json";
  private static final String PATH = "/mutate?timeout=5s";
  private static final int MOST = 64 * 1024;
  private static final int ROOM = 4 * MOST;
  private static final AdmissionLimits LIMITS =
      new AdmissionLimits(
          10,
          1,
          MOST,
          ROOM,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(100),
          Duration.ofMillis(100));

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTable table = new FakeTable();
  @TempDir private Path directory = Path.of("");
  private Certificates certificates;
  private HttpClient client;
  private int port;

  private record Answer(int status, String type, String body, X509Certificate certificate) {
    JsonNode json() {
      return Reviews.json(body);
    }
  }

  @BeforeEach
  void serve() throws Exception {
    certificates = new Certificates(directory);
    certificates.issue("webhook");
    AdmissionServer server =
        new AdmissionServer(
            new HostPort("127.0.0.1", 0),
            new CertificateFiles(certificates.certificate("webhook"), certificates.key("webhook")),
            LIMITS,
            new PodAdmission(
                Reviews.USUAL,
                new PodAdmission.Ports(
                    table,
                    DeclaredAssociations.NONE,
                    ServiceAccountAnnotations.NONE,
                    event -> {},
                    UninjectedPods.NONE),
                "broker-1",
                InstantSource.system(),
                () -> Reviews.RANDOM),
            new AdmissionMeters(meters));
    done(vertx.deployVerticle(server));
    port = server.port();
    // A connection for each request, which trusts the authority only.
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setSsl(true)
                .setTrustOptions(
                    new PemTrustOptions().addCertPath(certificates.authorityFile().toString())),
            new PoolOptions().setHttp1MaxSize(LIMITS.connections()));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private Future<Answer> ask(HttpMethod method, String path, String type, String body) {
    return client
        .request(method, port, "127.0.0.1", path)
        .compose(request -> request.putHeader("Content-Type", type).send(Buffer.buffer(body)))
        .compose(response -> response.body().map(content -> answer(response, content)));
  }

  private static Answer answer(HttpClientResponse response, Buffer body) {
    try {
      return new Answer(
          response.statusCode(),
          response.getHeader("Content-Type"),
          body.toString(),
          (X509Certificate) response.request().connection().peerCertificates().getFirst());
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Future<Answer> review(String name) {
    return ask(HttpMethod.POST, PATH, JSON, Reviews.named(name).json().toString());
  }

  private double counted(String outcome) {
    return meters.get(AdmissionMeters.REVIEWS).tag("outcome", outcome).timer().count();
  }

  @Test
  void answersAReviewWithThePatchInBase64() {
    Answer answer = done(review("plain"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.type()).isEqualTo(JSON);
    JsonNode response = answer.json().path("response");
    assertThat(response.path("uid").asText()).isEqualTo("db3b6f27-d45b-44a6-b310-b333ddec10fc");
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    assertThat(
            Reviews.json(
                new String(
                    Base64.getDecoder().decode(response.path("patch").asText()),
                    StandardCharsets.UTF_8)))
        .isEqualTo(Reviews.patch("plain"));
    assertThat(counted("injected")).isEqualTo(1);
  }

  @Test
  void allowsWithoutAPatchWhatHasNoAssociation() {
    JsonNode response = done(review("host-net")).json().path("response");

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("patch") || response.has("patchType")).isFalse();
    assertThat(counted("no-association")).isEqualTo(1);
  }

  @Test
  void injectsWithoutAnAssociationWhatComesToThePathOfSuchNamespaces() {
    String review = Reviews.named("host-net").json().toString();

    Answer answer = done(ask(HttpMethod.POST, "/mutate/always?timeout=5s", JSON, review));

    assertThat(answer.json().path("response").has("patch")).isTrue();
  }

  @Test
  void leavesToTheFailurePolicyWhatIsNotKnownInTime() {
    table.silent = true;

    assertThat(done(review("plain")).status()).isEqualTo(503);
    assertThat(counted("unknown")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /mutate, text/plain, 415",
    "POST, /mutate, '', 415",
    "GET, /mutate, application/json, 405",
    "PUT, /mutate, application/json, 405",
    "POST, /, application/json, 404",
    "POST, /mutate/, application/json, 404",
    "POST, /mutate, application/json; charset=utf-8, 400"
  })
  void refusesWhatIsNoReview(String method, String path, String type, int status) {
    assertThat(done(ask(HttpMethod.valueOf(method), path, type, "{}")).status()).isEqualTo(status);
  }

  @Test
  void refusesABodyThatIsTooLargeAndGoesOn() {
    String large = "{\"x\": \"" + "x".repeat(MOST) + "\"}";

    assertThat(done(ask(HttpMethod.POST, PATH, JSON, large)).status()).isEqualTo(413);
    assertThat(counted("refused")).isEqualTo(1);
    assertThat(done(review("plain")).status()).isEqualTo(200);
  }

  @Test
  void turnsAwayWhatIsTooMuchAtOnce() {
    table.silent = true;
    Future<Answer> first = review("plain");
    await().until(() -> meters.get(AdmissionMeters.UNDER_WAY).gauge().value() == LIMITS.underWay());

    assertThat(done(review("plain")).status()).isEqualTo(503);
    assertThat(counted("busy")).isEqualTo(1);

    assertThat(done(first).body()).contains("does not know yet");
    table.silent = false;
    assertThat(done(review("plain")).status()).isEqualTo(200);
  }

  @Test
  void givesNoPlaceToWhoAnnouncesABodyAndSendsLittle() {
    for (int i = 0; i < LIMITS.connections() - 1; i++) {
      done(
          client
              .request(HttpMethod.POST, port, "127.0.0.1", PATH)
              .compose(
                  request ->
                      request
                          .putHeader("Content-Type", JSON)
                          .putHeader("Content-Length", "" + MOST)
                          .write(Buffer.buffer("{"))));
    }

    assertThat(done(review("plain")).status()).isEqualTo(200);
  }

  @Test
  void turnsAwayABodyForWhichThereIsNoRoom() {
    Buffer most = Buffer.buffer("x".repeat(MOST));
    for (int i = 0; i < ROOM / MOST; i++) {
      done(
          client
              .request(HttpMethod.POST, port, "127.0.0.1", PATH)
              .compose(
                  request -> request.putHeader("Content-Type", JSON).setChunked(true).write(most)));
    }

    await().until(() -> done(review("plain")).status() == 503);
    assertThat(counted("busy")).isPositive();
  }

  @Test
  void showsARenewedCertificateToNewConnections() throws Exception {
    X509Certificate first = done(review("plain")).certificate();

    certificates.issue("webhook");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !done(review("plain")).certificate().equals(first));
    assertThat(meters.get(AdmissionMeters.CERTIFICATES).tag("result", "replaced").counter().count())
        .isPositive();
  }
}
