package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import org.jspecify.annotations.Nullable;

/**
 * An edge requests a pod's credentials. The request does not contain cluster and node: the broker
 * takes them from the connection's login. {@link #toString()} hides the token.
 *
 * @param version of the protocol that the edge uses
 * @param token the pod's service-account token as the edge received it
 * @param priority how urgent the request is
 * @param minPosition the newest position of the cluster's log that the edge has seen; a broker
 *     behind it catches up or reports that it is behind
 * @param waitMillis how long the edge waits for the answer, milliseconds from the sending of the
 *     request; absent if the edge sends no limit
 */
public record CredentialRequest(
    int version,
    String token,
    RequestPriority priority,
    Position minPosition,
    @Nullable Long waitMillis) {

  public CredentialRequest {
    Check.text(token, "token");
    Check.present(priority, "priority");
    Check.present(minPosition, "minPosition");
    if (waitMillis != null && waitMillis <= 0) {
      throw new IllegalArgumentException("waitMillis is not positive");
    }
  }

  /** Returns the same request with a wait of so many milliseconds from now on. */
  public CredentialRequest waiting(long millis) {
    return new CredentialRequest(version, token, priority, minPosition, millis);
  }

  @Override
  public String toString() {
    return "CredentialRequest[priority="
        + priority
        + ", minPosition="
        + minPosition
        + ", waitMillis="
        + waitMillis
        + "]";
  }
}
