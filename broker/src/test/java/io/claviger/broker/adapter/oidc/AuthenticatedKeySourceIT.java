package io.claviger.broker.adapter.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.ingress.Certificates;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys of an API server with its own certificate authority, which returns them only to service
 * accounts.
 */
class AuthenticatedKeySourceIT {

  private static final String KEYS = "{\"keys\":[]}";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Certificates certificates;
  private TlsServer server;
  private Path token;
  private volatile String accepted = "first";

  @BeforeEach
  void start() throws Exception {
    certificates = new Certificates(directory);
    server = new TlsServer(vertx, certificates);
    token = Files.writeString(directory.resolve("token"), "first\n");
    server.handler =
        request -> {
          String bearer = request.getHeader("Authorization");
          int status = bearer == null ? 403 : bearer.equals("Bearer " + accepted) ? 200 : 401;
          request.response().setStatusCode(status).end(KEYS);
        };
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String fetch(Optional<Path> ca, Optional<Path> tokenFile) throws Exception {
    return source(ca, tokenFile).fetch().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private HttpKeySource source(Optional<Path> ca, Optional<Path> tokenFile) {
    URI url = URI.create(server.url() + "/openid/v1/jwks");
    return new HttpKeySource(vertx, new KeyServer(url, ca, tokenFile));
  }

  private Optional<Path> ca() {
    return Optional.of(certificates.authorityFile());
  }

  @Test
  void presentsItsToken() throws Exception {
    assertThat(fetch(ca(), Optional.of(token))).isEqualTo(KEYS);
  }

  @Test
  void saysWhatToSetWhereItIsLetInToNothingWithoutAToken() {
    assertThatThrownBy(() -> fetch(ca(), Optional.empty()))
        .hasMessageContaining("/openid/v1/jwks: answered 403")
        .hasMessageContaining("jwks.token-file")
        .hasMessageContaining("system:service-account-issuer-discovery");
  }

  @Test
  void saysThatTheTokenIsNotAcceptedAndNeverWhatItIs() throws Exception {
    Files.writeString(token, "forged");

    assertThatThrownBy(() -> fetch(ca(), Optional.of(token)))
        .hasMessageContaining("answered 401")
        .hasMessageContaining(token.toString())
        .hasMessageNotContaining("forged");
  }

  @Test
  void saysWhichRoleIsMissingWhereTheTokenIsAccepted() {
    server.handler = request -> request.response().setStatusCode(403).end();

    assertThatThrownBy(() -> fetch(ca(), Optional.of(token)))
        .hasMessageContaining("may not read it; bind the cluster role");
  }

  @Test
  void readsARotatedToken() throws Exception {
    HttpKeySource source = source(ca(), Optional.of(token));
    assertThat(source.fetch().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(KEYS);

    accepted = "second";
    Files.writeString(token, "second");

    assertThat(source.fetch().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(KEYS);
  }

  @Test
  void saysThatItsTokenIsNotThere() {
    assertThatThrownBy(() -> fetch(ca(), Optional.of(directory.resolve("absent"))))
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("absent");
  }

  @Test
  void trustsNoAuthorityButItsOwn() {
    assertThatThrownBy(() -> fetch(Optional.empty(), Optional.of(token)))
        .hasMessageContaining("its certificate is not trusted")
        .hasMessageContaining("authorities: the system's");
  }

  @Test
  void trustsTheAuthoritiesThatItsFileNamesNow() throws Exception {
    Path ca = directory.resolve("rotated.pem");
    Path others = Files.createDirectory(directory.resolve("others"));
    Files.copy(new Certificates(others).authorityFile(), ca);
    HttpKeySource source = source(Optional.of(ca), Optional.of(token));
    assertThatThrownBy(() -> source.fetch().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasMessageContaining("its certificate is not trusted");

    Files.copy(certificates.authorityFile(), ca, StandardCopyOption.REPLACE_EXISTING);

    assertThat(source.fetch().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(KEYS);
  }

  @Test
  void trustsNoServerUnderAnotherName() throws Exception {
    server = new TlsServer(vertx, certificates, "127.0.0.2");

    assertThatThrownBy(() -> fetch(ca(), Optional.of(token)))
        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
  }

  @Test
  void presentsNoTokenInPlainText() {
    assertThatThrownBy(
            () -> new KeyServer(URI.create("http://a.test/"), Optional.empty(), Optional.of(token)))
        .hasMessageContaining("over https only");
  }
}
