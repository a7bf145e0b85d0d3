package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape is that of a token of Kubernetes 1.34. */
final class LocalIssuerTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final TokenRequest WEB = TokenRequest.ofPod("app1", "web", "web-0", "node1");

  @TempDir private Path directory;
  private LocalIssuer issuer;

  @BeforeEach
  void create() {
    issuer = LocalIssuer.create(directory, "https://issuer.test", InstantSource.fixed(NOW));
  }

  private static SignedJWT parse(String token) throws ParseException {
    return SignedJWT.parse(token);
  }

  @Test
  void tokensSayWhatAnApiServersSay() throws Exception {
    SignedJWT token = parse(issuer.token(WEB));

    assertThat(token.getHeader().toJSONObject()).containsOnlyKeys("alg", "kid");
    Map<String, Object> claims = token.getPayload().toJSONObject();
    assertThat(claims)
        .containsOnlyKeys("aud", "exp", "iat", "iss", "jti", "kubernetes.io", "nbf", "sub")
        .containsEntry("aud", List.of("pods.eks.amazonaws.com"))
        .containsEntry("iss", "https://issuer.test")
        .containsEntry("sub", "system:serviceaccount:app1:web")
        .containsEntry("exp", NOW.plus(Duration.ofHours(24)).getEpochSecond());
    assertThat(claims.get("kubernetes.io"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("namespace", "node", "pod", "serviceaccount")
        .containsEntry("namespace", "app1");
  }

  @Test
  void theKeySetVerifiesThem() throws Exception {
    SignedJWT token = parse(issuer.token(WEB));
    JWKSet published = JWKSet.load(issuer.jwks().toFile());

    assertThat(published.getKeys()).noneMatch(key -> key.isPrivate());
    assertThat(
            token.verify(
                new RSASSAVerifier(
                    published.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
        .isTrue();
  }

  @Test
  void anotherProcessIssuesWithTheSameKey() throws Exception {
    LocalIssuer again =
        LocalIssuer.open(directory, "https://issuer.test", InstantSource.fixed(NOW));

    assertThat(parse(again.token(WEB)).getHeader().getKeyID())
        .isEqualTo(parse(issuer.token(WEB)).getHeader().getKeyID());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("key.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aTokenThatHasExpiredWasGoodBefore() throws Exception {
    SignedJWT token = parse(issuer.token(WEB.withLife(Duration.ofSeconds(-5))));

    Instant end = token.getJWTClaimsSet().getExpirationTime().toInstant();
    assertThat(end).isEqualTo(NOW.minusSeconds(5));
    assertThat(token.getJWTClaimsSet().getIssueTime().toInstant()).isBefore(end);
  }

  @Test
  void aPodOfTheSameNameHasTheSameUidUnlessItWasReplaced() {
    assertThat(TokenRequest.ofPod("app1", "web", "web-0", "node1").podUid())
        .isEqualTo(WEB.podUid())
        .isNotEqualTo(TokenRequest.ofPod("app2", "web", "web-0", "node1").podUid());
    assertThat(WEB.withPodUid("another").podUid()).isEqualTo("another");
  }
}
