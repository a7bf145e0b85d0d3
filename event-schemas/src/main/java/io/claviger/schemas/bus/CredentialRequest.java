package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import org.jspecify.annotations.Nullable;

/**
 * An edge asks for a pod's credentials. Cluster and node are not in it: the broker stamps them from
 * the connection's login. {@link #toString()} hides the token.
 *
 * @param version of the protocol the edge speaks
 * @param token the pod's service-account token as it came
 * @param priority how urgent it is
 * @param minPosition the newest position of the cluster's log that the edge has seen; a broker
 *     behind it catches up or says so
 * @param waitMillis how long an answer is still waited for, milliseconds from the request's
 *     sending; absent where the edge does not say
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

  /** The same, of somebody who waits for so many milliseconds from now on. */
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
