package io.claviger.broker.adapter.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.ingress.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery of an issuer's keys by its published document. */
class DiscoveredKeySourceIT {

  private static final String KEYS = "{\"keys\":[\"found\"]}";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private Certificates certificates;
  private TlsServer issuer;
  private TlsServer elsewhere;
  private volatile String document = "";

  @BeforeEach
  void start() throws Exception {
    certificates = new Certificates(directory);
    elsewhere = new TlsServer(vertx, certificates);
    issuer = new TlsServer(vertx, certificates);
    document = document(name(), issuer.url() + "/keys");
    issuer.handler =
        request -> {
          authorizations.add(request.path() + " " + request.getHeader("Authorization"));
          switch (request.path()) {
            case "/id/1/.well-known/openid-configuration" -> request.response().end(document);
            case "/keys" -> request.response().end(KEYS);
            default -> request.response().setStatusCode(404).end();
          }
        };
    elsewhere.handler =
        request -> {
          authorizations.add(request.path() + " " + request.getHeader("Authorization"));
          request.response().end(KEYS);
        };
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String name() {
    return issuer.url() + "/id/1";
  }

  private static String document(String name, String keys) {
    return new JsonObject().put("issuer", name).put("jwks_uri", keys).encode();
  }

  private String fetch() throws Exception {
    return fetch(Optional.empty());
  }

  private String fetch(Optional<Path> token) throws Exception {
    KeyServer server =
        new KeyServer(URI.create(name()), Optional.of(certificates.authorityFile()), token);
    return new DiscoveredKeySource(vertx, name(), server)
        .fetch()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void fetchesTheKeysThatTheDocumentNames() throws Exception {
    assertThat(fetch()).isEqualTo(KEYS);
  }

  @Test
  void refusesTheDocumentOfAnotherIssuer() {
    document = document("https://other.test", issuer.url() + "/keys");

    assertThatThrownBy(this::fetch)
        .hasMessageContaining("'https://other.test', which is not the registered '" + name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/keys", "file:///etc/passwd", "https:", "no url"})
  void goesToNoAddressButHttps(String keys) {
    document = document(name(), keys);

    assertThatThrownBy(this::fetch).hasMessageContaining("openid-configuration");
    assertThat(authorizations).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"issuer\":7}"})
  void refusesWhatIsNoDocument(String text) {
    document = text;

    assertThatThrownBy(this::fetch).hasMessageContaining("openid-configuration");
  }

  @Test
  void presentsItsTokenToTheIssuersHostAlone() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "mine");
    fetch(Optional.of(token));
    document = document(name(), elsewhere.url() + "/other-keys");
    fetch(Optional.of(token));

    assertThat(authorizations)
        .containsExactly(
            "/id/1/.well-known/openid-configuration Bearer mine",
            "/keys Bearer mine",
            "/id/1/.well-known/openid-configuration Bearer mine",
            "/other-keys null");
  }
}
