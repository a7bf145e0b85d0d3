package io.claviger.broker.identity;

import java.util.concurrent.CompletionStage;

/** Where an issuer's public keys come from: the port to its JWKS. */
@FunctionalInterface
public interface KeySource {

  /**
   * Fetches the JWK set (RFC 7517) as JSON text.
   *
   * @return within the adapter's deadline, or a failure whose message names the cause
   */
  CompletionStage<String> fetch();
}
