package io.claviger.schemas.bus;

import io.claviger.schemas.Check;

/**
 * An edge's first frame; sent again whenever its token was rotated. {@link #toString()} hides the
 * token.
 *
 * @param version of the protocol that the edge uses
 * @param token the edge's own node-bound service-account token, audience {@code claviger-broker}
 */
public record Login(int version, String token) {

  public Login {
    Check.text(token, "token");
  }

  @Override
  public String toString() {
    return "Login[version=" + version + "]";
  }
}
