package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.util.List;

/**
 * The pods of a cluster that are revoked, whole: what a broker answers at {@link
 * BusProtocol#REVOKED_PODS} and pushes at {@link BusProtocol#REVOKED_PODS_CHANGED}. An edge asks a
 * broker for these pods each time, and serves them nothing that it caches.
 *
 * @param version of the protocol
 * @param position of the cluster's log that this was read at
 * @param everything whether nothing may be served from memory, to no pod: the edge's node is
 *     revoked, or there are more pods than fit into a frame
 * @param pods each {@code namespace/name} or a uid, at most {@link #MAX_PODS}
 */
public record RevokedPods(int version, Position position, boolean everything, List<String> pods) {

  /** So many pods, of the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_PODS = 200;

  public RevokedPods {
    Check.present(position, "position");
    pods = Check.list(pods, "pods", MAX_PODS);
  }
}
