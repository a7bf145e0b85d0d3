package io.claviger.broker.cli.doctor;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a service-account token. They are not verified here; the brokers verify them.
 *
 * @param text the token itself, a secret
 * @param node the node of its pod; tokens before Kubernetes 1.30 have none
 */
record PodToken(
    String text,
    String issuer,
    List<String> audiences,
    Instant expires,
    Instant notBefore,
    String namespace,
    String serviceAccount,
    Optional<String> pod,
    Optional<String> node) {

  /**
   * Reads a token.
   *
   * @throws ParseException when it is not a service-account token; the message never quotes it
   */
  static PodToken parse(String text) throws ParseException {
    JWTClaimsSet claims = claims(text);
    Map<String, Object> kubernetes = claims.getJSONObjectClaim("kubernetes.io");
    String namespace = kubernetes == null ? null : text(kubernetes.get("namespace"));
    String serviceAccount = kubernetes == null ? null : name(kubernetes, "serviceaccount");
    Date expires = claims.getExpirationTime();
    if (kubernetes == null || namespace == null || serviceAccount == null || expires == null) {
      throw new ParseException("a JWT, but not a Kubernetes service-account token", 0);
    }
    Date notBefore = claims.getNotBeforeTime();
    return new PodToken(
        text,
        String.valueOf(claims.getIssuer()),
        claims.getAudience(),
        expires.toInstant(),
        notBefore == null ? Instant.EPOCH : notBefore.toInstant(),
        namespace,
        serviceAccount,
        Optional.ofNullable(name(kubernetes, "pod")),
        Optional.ofNullable(name(kubernetes, "node")));
  }

  private static JWTClaimsSet claims(String text) throws ParseException {
    try {
      return SignedJWT.parse(text).getJWTClaimsSet();
    } catch (ParseException e) {
      // The message of the original exception may quote the token.
      throw new ParseException("no signed JWT", 0);
    }
  }

  private static @Nullable String name(Map<String, Object> kubernetes, String object) {
    return kubernetes.get(object) instanceof Map<?, ?> found ? text(found.get("name")) : null;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? text : null;
  }

  @Override
  public String toString() {
    return "PodToken[" + namespace + "/" + serviceAccount + ", expires " + expires + "]";
  }
}
