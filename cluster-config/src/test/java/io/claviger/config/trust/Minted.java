package io.claviger.config.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and tokens for the tests of this package. */
final class Minted {

  static final String ISSUER = "https://issuer.test";
  static final String AUDIENCE = "pods.eks.amazonaws.com";
  static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
  static final RSAKey RSA = rsa("rsa-1");
  static final ECKey EC = ec("ec-1");

  private Minted() {}

  static RSAKey rsa(String keyId) {
    try {
      return new RSAKeyGenerator(2048).keyID(keyId).algorithm(JWSAlgorithm.RS256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ec(String keyId) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String published(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(true);
  }

  /** Returns the claims of a pod's token: valid for an hour, on node-1. */
  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject("system:serviceaccount:shop:cart")
        .issueTime(Date.from(NOW))
        .notBeforeTime(Date.from(NOW))
        .expirationTime(Date.from(NOW.plusSeconds(3_600)))
        .claim("kubernetes.io", kubernetes());
  }

  static JWTClaimsSet good() {
    return claims().build();
  }

  static Map<String, Object> kubernetes() {
    return Map.of(
        "namespace", "shop",
        "serviceaccount", Map.of("name", "cart", "uid", "u1"),
        "pod", Map.of("name", "cart-0", "uid", "u2"),
        "node", Map.of("name", "node-1"));
  }

  static String signed(RSAKey key, JWTClaimsSet claims) {
    return signed(key, JWSAlgorithm.RS256, key.getKeyID(), claims);
  }

  static String signed(
      RSAKey key, JWSAlgorithm algorithm, @Nullable String keyId, JWTClaimsSet claims) {
    try {
      return signed(new RSASSASigner(key), algorithm, keyId, claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(ECKey key, JWTClaimsSet claims) {
    try {
      return signed(new ECDSASigner(key), JWSAlgorithm.ES256, key.getKeyID(), claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(
      JWSSigner signer, JWSAlgorithm algorithm, @Nullable String keyId, JWTClaimsSet claims) {
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }
}
