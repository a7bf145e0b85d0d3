package io.claviger.edge.workload;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An API server's signing key: makes service-account tokens in the shape of real ones. */
public final class TokenMint {

  public static final String CLUSTER = "c1";
  public static final String ISSUER = "https://c1.test";
  public static final String AUDIENCE = "pods.eks.amazonaws.com";
  public static final String NODE = "node-1";

  private final RSAKey key;

  public TokenMint(String keyId) {
    try {
      key = new RSAKeyGenerator(2048).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns its public key, as published by a broker that fetched it at the given time. */
  public PublishedKeys published(Instant fetchedAt) {
    String jwks = new JWKSet(key).toString(true);
    return new PublishedKeys(BusProtocol.VERSION, CLUSTER, ISSUER, AUDIENCE, jwks, fetchedAt);
  }

  /** Returns a draft of a token, valid for an hour from {@code now} on. */
  public Draft token(Instant now) {
    return new Draft(now);
  }

  /** The claims of a token; valid until changed. */
  public final class Draft {
    private Instant notBefore;
    private Instant issuedAt;
    private Instant expires;
    private String issuer = ISSUER;
    private String audience = AUDIENCE;
    private String serviceAccount = "web";
    private String podUid = "pod-uid";
    private @Nullable String node = NODE;
    private @Nullable String nodeUid;

    private Draft(Instant now) {
      notBefore = now;
      issuedAt = now;
      expires = now.plus(Duration.ofHours(1));
    }

    public Draft notBefore(Instant notBefore) {
      this.notBefore = notBefore;
      return this;
    }

    public Draft issuedAt(Instant issuedAt) {
      this.issuedAt = issuedAt;
      return this;
    }

    public Draft expires(Instant expires) {
      this.expires = expires;
      return this;
    }

    public Draft issuer(String issuer) {
      this.issuer = issuer;
      return this;
    }

    public Draft audience(String audience) {
      this.audience = audience;
      return this;
    }

    public Draft serviceAccount(String serviceAccount) {
      this.serviceAccount = serviceAccount;
      return this;
    }

    public Draft pod(String uid) {
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
      kubernetes.put("namespace", "app1");
      kubernetes.put("serviceaccount", Map.of("name", serviceAccount, "uid", "sa-uid"));
      kubernetes.put("pod", Map.of("name", "web-0", "uid", podUid));
      if (node != null) {
        kubernetes.put(
            "node", nodeUid == null ? Map.of("name", node) : Map.of("name", node, "uid", nodeUid));
      }
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .issuer(issuer)
              .audience(audience)
              .subject("system:serviceaccount:app1:" + serviceAccount)
              .issueTime(Date.from(issuedAt))
              .notBeforeTime(Date.from(notBefore))
              .expirationTime(Date.from(expires))
              .claim("kubernetes.io", kubernetes)
              .build();
      JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
      SignedJWT jwt = new SignedJWT(header, claims);
      try {
        jwt.sign(new RSASSASigner(key));
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
      return jwt.serialize();
    }
  }
}
