package io.claviger.config.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An issuer's public keys, by key id. Immutable. */
public final class TokenKeys {

  /** No keys: every token's key is unknown. */
  public static final TokenKeys NONE = new TokenKeys(Map.of());

  private final Map<String, JWSVerifier> verifiers;

  private TokenKeys(Map<String, JWSVerifier> verifiers) {
    this.verifiers = Map.copyOf(verifiers);
  }

  /**
   * Reads a JWK set (RFC 7517). RSA and EC signature keys with a key id are taken; others are left
   * out.
   *
   * @throws IllegalArgumentException when the text is no JWK set, or holds no usable key
   */
  public static TokenKeys parse(String jwks) {
    Map<String, JWSVerifier> verifiers = new LinkedHashMap<>();
    try {
      for (JWK key : JWKSet.parse(jwks).getKeys()) {
        JWSVerifier verifier = verifier(key);
        if (verifier != null && key.getKeyID() != null) {
          verifiers.put(key.getKeyID(), verifier);
        }
      }
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException("not a JWK set: " + e.getMessage());
    }
    if (verifiers.isEmpty()) {
      throw new IllegalArgumentException("the JWK set holds no usable signature key");
    }
    return new TokenKeys(verifiers);
  }

  private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSAVerifier(rsa.toRSAPublicKey());
      case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
      default -> null;
    };
  }

  /** The ids of the keys. */
  public Set<String> keyIds() {
    return verifiers.keySet();
  }

  @Nullable JWSVerifier find(@Nullable String keyId) {
    return keyId == null ? null : verifiers.get(keyId);
  }
}
