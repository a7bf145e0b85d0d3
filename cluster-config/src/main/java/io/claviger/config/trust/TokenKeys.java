package io.claviger.config.trust;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An issuer's public keys, by key id. Immutable. */
public final class TokenKeys {

  /** No keys: every token's key is unknown. */
  public static final TokenKeys NONE = new TokenKeys(Map.of());

  private final Map<String, Key> keys;

  private TokenKeys(Map<String, Key> keys) {
    this.keys = Map.copyOf(keys);
  }

  /**
   * Reads a JWK set (RFC 7517). It takes RSA and EC signature keys with a key id and ignores
   * others. A set with a private or symmetric key is rejected, because its text is published to
   * every node.
   *
   * @throws IllegalArgumentException if the text is no JWK set, has no usable key, or has a secret
   *     one
   */
  public static TokenKeys parse(String jwks) {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (JWK key : read(jwks).getKeys()) {
      if (key.isPrivate()) {
        throw new IllegalArgumentException("the JWK set holds a private or symmetric key");
      }
      JWSVerifier verifier = verifier(key);
      if (verifier != null && key.getKeyID() != null) {
        keys.put(key.getKeyID(), new Key(verifier, key.getAlgorithm()));
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("the JWK set holds no usable signature key");
    }
    return new TokenKeys(keys);
  }

  private static JWKSet read(String jwks) {
    try {
      return JWKSet.parse(jwks);
    } catch (ParseException | RuntimeException e) {
      // Nimbus throws undeclared exceptions, for example for a key that is the JSON text null.
      throw new IllegalArgumentException("not a JWK set");
    }
  }

  private static @Nullable JWSVerifier verifier(JWK key) {
    if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return null;
    }
    try {
      return switch (key) {
        case RSAKey rsa -> new RSASSAVerifier(rsa.toRSAPublicKey());
        case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
        default -> null;
      };
    } catch (JOSEException e) {
      return null; // a curve that no accepted algorithm uses
    }
  }

  /** Returns the ids of the keys. */
  public Set<String> keyIds() {
    return keys.keySet();
  }

  @Nullable Key find(@Nullable String keyId) {
    return keyId == null ? null : keys.get(keyId);
  }

  /**
   * A public key.
   *
   * @param algorithm the only one that it may be used with; absent if the set does not specify it
   */
  record Key(JWSVerifier verifier, @Nullable Algorithm algorithm) {

    /** Whether this key has signed the token. */
    boolean signed(SignedJWT token) {
      if (algorithm != null && !algorithm.equals(token.getHeader().getAlgorithm())) {
        return false;
      }
      try {
        return token.verify(verifier);
      } catch (JOSEException e) {
        return false; // an algorithm that is not for keys of this kind
      }
    }
  }
}
