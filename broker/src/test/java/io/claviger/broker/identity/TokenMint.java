package io.claviger.broker.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An API server's signing key: creates service-account tokens in the format of real ones. */
public final class TokenMint {

  private final RSAKey key;

  public TokenMint(String keyId) {
    try {
      key = new RSAKeyGenerator(2048).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public keys in the API server's format. */
  public String jwks() {
    return new JWKSet(key).toString(true);
  }

  public String jwksWith(TokenMint other) {
    return new JWKSet(List.of(key, other.key)).toString(true);
  }

  /** Returns a token to be signed, valid for an hour from {@code now} on. */
  public Draft token(String issuer, Instant now) {
    return new Draft(issuer, now);
  }

  /** The claims of a token, with valid defaults. */
  public final class Draft {
    private final String issuer;
    private final Instant issuedAt;
    private Duration life = Duration.ofHours(1);
    private String audience = "pods.eks.amazonaws.com";
    private String namespace = "app1";
    private String serviceAccount = "web";
    private String podUid = "pod-uid";
    private @Nullable String node = "node-1";
    private @Nullable String nodeUid;

    private Draft(String issuer, Instant issuedAt) {
      this.issuer = issuer;
      this.issuedAt = issuedAt;
    }

    public Draft life(Duration life) {
      this.life = life;
      return this;
    }

    public Draft audience(String audience) {
      this.audience = audience;
      return this;
    }

    public Draft serviceAccount(String namespace, String name) {
      this.namespace = namespace;
      this.serviceAccount = name;
      return this;
    }

    public Draft podUid(String uid) {
      this.podUid = uid;
      return this;
    }

    public Draft node(@Nullable String node) {
      this.node = node;
      return this;
    }

    public Draft nodeUid(String uid) {
      this.nodeUid = uid;
      return this;
    }

    public String sign() {
      Map<String, Object> kubernetes = new HashMap<>();
      kubernetes.put("namespace", namespace);
      kubernetes.put("serviceaccount", Map.of("name", serviceAccount, "uid", "sa-uid"));
      kubernetes.put("pod", Map.of("name", serviceAccount + "-0", "uid", podUid));
      if (node != null) {
        kubernetes.put(
            "node", nodeUid == null ? Map.of("name", node) : Map.of("name", node, "uid", nodeUid));
      }
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .issuer(issuer)
              .audience(audience)
              .subject("system:serviceaccount:" + namespace + ":" + serviceAccount)
              .issueTime(Date.from(issuedAt))
              .notBeforeTime(Date.from(issuedAt))
              .expirationTime(Date.from(issuedAt.plus(life)))
              .claim("kubernetes.io", kubernetes)
              .build();
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
      try {
        jwt.sign(new RSASSASigner(key));
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
      return jwt.serialize();
    }
  }
}
