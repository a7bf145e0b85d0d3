package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook's endpoint by itself, as an API server comes to it: TLS, HTTP, and its limits. */
final class AdmissionServerIT {

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServerIT.class);
  private static final String JSON = "application/json";
  private static final String PATH = "/mutate?timeout=5s";
  private static final int REVIEWS = 20;
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
  private final AtomicInteger closed = new AtomicInteger();
  private final List<HttpClient> clients = new ArrayList<>();
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
    port = serve(LIMITS, Optional.empty());
    client = client(new HttpClientOptions());
  }

  private int serve(AdmissionLimits limits, Optional<Path> clientAuthority) {
    AdmissionServer server =
        new AdmissionServer(
            new HostPort("127.0.0.1", 0),
            new CertificateFiles(certificates.certificate("webhook"), certificates.key("webhook")),
            clientAuthority,
            limits,
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
    return server.port();
  }

  /** A connection for each request, which trusts the authority only. */
  private HttpClient client(HttpClientOptions options) {
    return client(options, LIMITS.connections());
  }

  private HttpClient client(HttpClientOptions options, int connections) {
    HttpClient made =
        vertx.createHttpClient(options(options), new PoolOptions().setHttp1MaxSize(connections));
    // The garbage collector closes one that nobody refers to, with a grace of 30 s.
    clients.add(made);
    return made;
  }

  private HttpClientOptions options(HttpClientOptions options) {
    return options
        .setKeepAlive(false)
        .setSsl(true)
        .setTrustOptions(
            new PemTrustOptions().addCertPath(certificates.authorityFile().toString()));
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
    for (int i = 0; i < LIMITS.connections() / 2 - 1; i++) {
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
  void rejectsABodyForWhichThereIsNoRoom() {
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
  void leavesRoomForOthersWhereOneAddressTakesAllThatItCan() {
    Buffer most = Buffer.buffer("x".repeat(MOST));
    HttpClient other = client(new HttpClientOptions().setLocalAddress("127.0.0.9"));
    for (int i = 0; i < ROOM / MOST; i++) {
      done(
          other
              .request(HttpMethod.POST, port, "127.0.0.1", PATH)
              .compose(
                  request -> request.putHeader("Content-Type", JSON).setChunked(true).write(most)));
    }

    for (int i = 0; i < 10; i++) {
      assertThat(done(review("plain")).status()).isEqualTo(200);
    }
  }

  /** Three megabytes each, one after the other on eight connections. */
  @Test
  void answersAnApiServerWhileOneAddressSendsLargeReviewsAllTheTime() {
    port = serve(AdmissionLimits.of(Duration.ofSeconds(1)), Optional.empty());
    List<Duration> without = times();
    double before = counted("injected");
    HttpClient flooding = client(new HttpClientOptions().setLocalAddress("127.0.0.9"), 8);
    Buffer large = Buffer.buffer(large());
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < 8; i++) {
      flood(flooding, large, over);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> counted("injected") > before);

    List<Duration> beside = times();
    over.set(true);

    LOG.atInfo()
        .addKeyValue("without", without.get(REVIEWS / 2) + ", " + without.getLast())
        .addKeyValue("beside", beside.get(REVIEWS / 2) + ", " + beside.getLast())
        .log("reviews, median and longest");
    assertThat(beside.get(REVIEWS / 2)).isLessThan(Duration.ofSeconds(1));
  }

  private static String large() {
    JsonNode review = Reviews.named("plain").json();
    ObjectNode annotations =
        ((ObjectNode) review.at("/request/object/metadata")).putObject("annotations");
    for (int i = 0; i < 80_000; i++) {
      annotations.put("example.org/annotation-" + i, "v" + i);
    }
    return review.toString();
  }

  private void flood(HttpClient flooding, Buffer large, AtomicBoolean over) {
    flooding
        .request(HttpMethod.POST, port, "127.0.0.1", PATH)
        .compose(request -> request.putHeader("Content-Type", JSON).send(large))
        .compose(HttpClientResponse::body)
        .onComplete(
            answered -> {
              if (!over.get()) {
                flood(flooding, large, over);
              }
            });
  }

  /** In their order. */
  private List<Duration> times() {
    return Stream.generate(
            () -> {
              long started = System.nanoTime();
              assertThat(done(review("plain")).status()).isEqualTo(200);
              return Duration.ofNanos(System.nanoTime() - started);
            })
        .limit(REVIEWS)
        .sorted()
        .toList();
  }

  @Test
  void letsNobodyInWithoutACertificateWhereApiServersHaveOne() throws Exception {
    Certificates clients = new Certificates(Files.createDirectory(directory.resolve("clients")));
    clients.issue("kube-apiserver");
    port = serve(LIMITS, Optional.of(clients.authorityFile()));

    assertThat(review("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));
    client = client(shows(certificates, "webhook"));
    assertThat(review("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));

    client = client(shows(clients, "kube-apiserver"));
    X509Certificate first = done(review("plain")).certificate();
    certificates.issue("webhook");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !done(review("plain")).certificate().equals(first));
    client = client(new HttpClientOptions());
    assertThat(review("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));
  }

  private static HttpClientOptions shows(Certificates of, String name) {
    return new HttpClientOptions()
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(of.certificate(name).toString())
                .setKeyPath(of.key(name).toString()));
  }

  @Test
  void closesConnectionsOfOneAddressBeyondHalf() {
    HttpClient other = client(new HttpClientOptions().setLocalAddress("127.0.0.9"));
    List<Future<Void>> begun =
        Stream.generate(() -> begun(other)).limit(LIMITS.connections()).toList();
    begun.forEach(one -> done(one.otherwiseEmpty()));

    assertThat(done(review("plain")).status()).isEqualTo(200);
    await().until(() -> closed.get() >= LIMITS.connections() / 2);
  }

  private Future<Void> begun(HttpClient by) {
    return by.request(HttpMethod.POST, port, "127.0.0.1", PATH)
        .onFailure(refused -> closed.incrementAndGet())
        .compose(
            request -> {
              request.connection().closeHandler(gone -> closed.incrementAndGet());
              return request
                  .putHeader("Content-Type", JSON)
                  .setChunked(true)
                  .write(Buffer.buffer("{"));
            });
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
