package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;

/**
 * An edge asks for a pod's credentials. Cluster and node are not in it: the broker stamps them from
 * the connection's login. {@link #toString()} hides the token.
 *
 * @param version of the protocol the edge speaks
 * @param token the pod's service-account token as it came
 * @param lane how urgent it is
 * @param floor the newest position of the cluster's log that the edge has seen; a broker behind it
 *     catches up or says so
 */
public record CredentialRequest(int version, String token, Lane lane, Position floor) {

  public CredentialRequest {
    Check.text(token, "token");
    Check.present(lane, "lane");
    Check.present(floor, "floor");
  }

  @Override
  public String toString() {
    return "CredentialRequest[lane=" + lane + ", floor=" + floor + "]";
  }
}
