package io.claviger.broker.ingress.admission;

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
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The webhook's endpoint on loopback, with TLS clients. */
final class TestWebhook implements AutoCloseable {

  static final int MOST = 64 * 1024;
  static final int ROOM = 4 * MOST;
  static final AdmissionLimits LIMITS =
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
  static final String JSON = "application/json";
  static final String PATH = "/mutate?timeout=5s";

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FakeTable table = new FakeTable();
  final Certificates certificates;
  HttpClient client;
  private final Vertx vertx = Vertx.vertx();
  private final List<HttpClient> clients = new ArrayList<>();
  int port;

  record Answer(int status, String type, String body, X509Certificate certificate) {
    JsonNode json() {
      return Reviews.json(body);
    }
  }

  TestWebhook(Path directory) throws Exception {
    certificates = new Certificates(directory);
    certificates.issue("webhook");
    serve(LIMITS, Optional.empty());
    client = client(new HttpClientOptions());
  }

  /** Starts another server, which all clients use from now on. */
  void serve(AdmissionLimits limits, Optional<Path> clientAuthority) {
    serve(limits, clientAuthority, DeclaredAssociations.NONE);
  }

  /** Starts a server whose API server answers for declared associations. */
  void serve(
      AdmissionLimits limits, Optional<Path> clientAuthority, DeclaredAssociations declared) {
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
                    declared,
                    ServiceAccountAnnotations.NONE,
                    event -> {},
                    UninjectedPods.NONE),
                "broker-1",
                InstantSource.system(),
                () -> Reviews.RANDOM),
            new AdmissionMeters(meters));
    server.prepare();
    done(vertx.deployVerticle(server));
    port = server.port();
  }

  /** Returns a client with one connection per request, which trusts only the test's authority. */
  HttpClient client(HttpClientOptions options) {
    String authority = certificates.authorityFile().toString();
    options
        .setKeepAlive(false)
        .setSsl(true)
        .setTrustOptions(new PemTrustOptions().addCertPath(authority));
    HttpClient made =
        vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(LIMITS.connections()));
    // Keeps a reference: the garbage collector closes an unreferenced client after 30 s.
    clients.add(made);
    return made;
  }

  Answer ask(HttpMethod method, String path, String type, String body) {
    return done(send(method, path, type, body));
  }

  private Future<Answer> send(HttpMethod method, String path, String type, String body) {
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

  /** Begins a review without sending any of its body. */
  Future<HttpClientRequest> begin(HttpClient by) {
    return by.request(HttpMethod.POST, port, "127.0.0.1", PATH)
        .map(request -> request.putHeader("Content-Type", JSON));
  }

  Answer review(String name) {
    return done(send(name));
  }

  Future<Answer> send(String name) {
    return send(HttpMethod.POST, PATH, JSON, Reviews.named(name).json().toString());
  }

  double counted(String outcome) {
    return meters.get(AdmissionMeters.REVIEWS).tag("outcome", outcome).timer().count();
  }

  static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
