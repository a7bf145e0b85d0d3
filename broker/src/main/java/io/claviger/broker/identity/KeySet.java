package io.claviger.broker.identity;

import io.claviger.config.trust.TokenKeys;
import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * An issuer's keys as fetched.
 *
 * @param keys the keys; the same object as long as the text is the same
 * @param jwks the text that was parsed
 * @param fetchedAt when this text was last fetched
 */
public record KeySet(TokenKeys keys, String jwks, Instant fetchedAt) {

  public KeySet {
    Check.present(keys, "keys");
    Check.text(jwks, "jwks");
    Check.present(fetchedAt, "fetchedAt");
  }
}
