package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * What an edge needs to verify its cluster's pod tokens by itself.
 *
 * @param version of the protocol
 * @param cluster the registered name of the Kubernetes cluster
 * @param issuer the {@code iss} of its tokens
 * @param audience the {@code aud} of pod tokens
 * @param jwks the issuer's public keys: a JWK set (RFC 7517) as JSON text
 * @param fetchedAt when the broker fetched them
 */
public record PublishedKeys(
    int version, String cluster, String issuer, String audience, String jwks, Instant fetchedAt) {

  public PublishedKeys {
    Check.text(cluster, "cluster");
    Check.text(issuer, "issuer");
    Check.text(audience, "audience");
    Check.text(jwks, "jwks");
    Check.present(fetchedAt, "fetchedAt");
  }
}
