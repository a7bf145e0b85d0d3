package io.claviger.config.trust;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the Kubernetes service-account tokens of one issuer, offline: form, time, signature,
 * issuer, audience, in that order. {@code nbf} and {@code iat} have a minute of leeway (a node's
 * clock may be behind), {@code exp} has none.
 *
 * <p>Thread-safe; takes about 40 microseconds for an RS256 token.
 */
public final class ServiceAccountTokenVerifier {

  /** Longer tokens are rejected unread: 16 KiB. */
  public static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

  private static final Duration LEEWAY = Duration.ofSeconds(60);
  private static final String SUBJECT_PREFIX = "system:serviceaccount:";
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final String cluster;
  private final String issuer;
  private final String audience;
  private final Supplier<TokenKeys> keys;

  /**
   * Creates a verifier.
   *
   * @param cluster the registered name of the cluster that the issuer belongs to
   * @param issuer the only {@code iss} that is accepted
   * @param audience must be among the token's {@code aud}
   * @param keys the current keys
   */
  public ServiceAccountTokenVerifier(
      String cluster, String issuer, String audience, Supplier<TokenKeys> keys) {
    this.cluster = cluster;
    this.issuer = issuer;
    this.audience = audience;
    this.keys = keys;
  }

  /** Returns the issuer that a token claims, unverified: use it only to choose the verifier. */
  public static Optional<String> claimedIssuer(String token) {
    return ParsedToken.of(token).flatMap(ParsedToken::claimedIssuer);
  }

  /**
   * Returns the issue time that a token claims; use it only for tokens that were verified before.
   */
  public static Optional<Instant> claimedIssueTime(String token) {
    return ParsedToken.of(token).map(parsed -> parsed.claims().getIssueTime()).map(Date::toInstant);
  }

  /** Verifies a token at the given time. */
  public TokenVerification verify(String token, Instant now) {
    return ParsedToken.of(token)
        .map(parsed -> verify(parsed, now))
        .orElseGet(ServiceAccountTokenVerifier::unreadable);
  }

  /** Verifies a parsed token at the given time. */
  public TokenVerification verify(ParsedToken token, Instant now) {
    try {
      return verify(token.jwt(), token.claims(), now);
    } catch (ParseException | RuntimeException e) {
      // The content is untrusted, and Nimbus throws undeclared exceptions.
      return unreadable();
    }
  }

  private TokenVerification verify(SignedJWT jwt, JWTClaimsSet claims, Instant now)
      throws ParseException {
    TokenVerification.Rejected untimely = checkTime(claims, now);
    if (untimely != null) {
      return untimely;
    }
    if (!issuer.equals(claims.getIssuer())) {
      return rejected(
          RefusalReason.INVALID_TOKEN,
          "the token's issuer is not the one registered for cluster " + cluster);
    }
    JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
    if (!ALGORITHMS.contains(algorithm)) {
      return rejected(
          RefusalReason.INVALID_TOKEN, "the token's signature algorithm is not accepted");
    }
    String keyId = jwt.getHeader().getKeyID();
    TokenKeys.Key key = keys.get().find(keyId);
    if (key == null || keyId == null) {
      return new TokenVerification.UnknownKey(keyId);
    }
    if (!key.signed(jwt)) {
      return rejected(RefusalReason.INVALID_TOKEN, "the token's signature is wrong");
    }
    if (!claims.getAudience().contains(audience)) {
      return rejected(
          RefusalReason.WRONG_AUDIENCE, "the token's audience does not include " + audience);
    }
    WorkloadIdentity workload = workload(claims);
    return workload == null
        ? rejected(
            RefusalReason.INVALID_TOKEN,
            "the token is not bound to a pod: project it into the pod as a serviceAccountToken"
                + " volume")
        : new TokenVerification.Verified(workload, claims.getExpirationTime().toInstant(), keyId);
  }

  private static TokenVerification.@Nullable Rejected checkTime(JWTClaimsSet claims, Instant now) {
    if (claims.getExpirationTime() == null) {
      return rejected(RefusalReason.INVALID_TOKEN, "the token has no expiry");
    }
    if (!now.isBefore(claims.getExpirationTime().toInstant())) {
      return rejected(
          RefusalReason.EXPIRED_TOKEN, "the token has expired: read the token file again");
    }
    Instant latestStart = now.plus(LEEWAY);
    boolean early =
        (claims.getNotBeforeTime() != null
                && claims.getNotBeforeTime().toInstant().isAfter(latestStart))
            || (claims.getIssueTime() != null
                && claims.getIssueTime().toInstant().isAfter(latestStart));
    return early
        ? rejected(
            RefusalReason.PREMATURE_TOKEN,
            "the token is not valid yet: compare the clocks of this node and the API server")
        : null;
  }

  private @Nullable WorkloadIdentity workload(JWTClaimsSet claims) throws ParseException {
    Map<String, Object> kubernetes = claims.getJSONObjectClaim("kubernetes.io");
    if (kubernetes == null) {
      return null;
    }
    String namespace = text(kubernetes.get("namespace"));
    String serviceAccount = text(field(kubernetes, "serviceaccount", "name"));
    String podName = text(field(kubernetes, "pod", "name"));
    String podUid = text(field(kubernetes, "pod", "uid"));
    if (namespace == null || serviceAccount == null || podName == null || podUid == null) {
      return null;
    }
    String subject = SUBJECT_PREFIX + namespace + ":" + serviceAccount;
    if (!subject.equals(claims.getSubject())) {
      return null;
    }
    String node = text(field(kubernetes, "node", "name"));
    String nodeUid = text(field(kubernetes, "node", "uid"));
    return new WorkloadIdentity(cluster, namespace, serviceAccount, podName, podUid, node, nodeUid);
  }

  private static @Nullable Object field(Map<String, Object> claims, String object, String name) {
    return claims.get(object) instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private static @Nullable String text(@Nullable Object claim) {
    return claim instanceof String text && !text.isBlank() ? text : null;
  }

  private static TokenVerification unreadable() {
    return rejected(RefusalReason.INVALID_TOKEN, "the token is not a signed JWT");
  }

  private static TokenVerification.Rejected rejected(RefusalReason reason, String message) {
    return new TokenVerification.Rejected(reason, message);
  }
}
