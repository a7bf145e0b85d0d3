package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.util.List;

/**
 * All revoked pods of a cluster. A broker answers it at {@link BusProtocol#REVOKED_PODS} and pushes
 * it at {@link BusProtocol#REVOKED_PODS_CHANGED}. An edge serves these pods nothing from its cache;
 * it requests their credentials from a broker each time.
 *
 * @param version of the protocol
 * @param position of the cluster's log at which this was read
 * @param everything whether no pod may be served from the cache: the edge's node is revoked, or
 *     more pods are revoked than fit into a frame
 * @param pods each {@code namespace/name} or a uid, at most {@link #MAX_PODS}
 */
public record RevokedPods(int version, Position position, boolean everything, List<String> pods) {

  /** This many pods, with the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_PODS = 200;

  public RevokedPods {
    Check.present(position, "position");
    pods = Check.list(pods, "pods", MAX_PODS);
  }
}
