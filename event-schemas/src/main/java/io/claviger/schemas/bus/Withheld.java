package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.util.List;

/**
 * From which pods of a cluster credentials are withheld, whole: what a broker answers at {@link
 * BusProtocol#WITHHELD} and pushes at {@link BusProtocol#WITHHELD_CHANGED}. An edge asks a broker
 * for these pods each time, and hands nothing to them that it holds.
 *
 * @param version of the protocol
 * @param position of the cluster's log that this was read at
 * @param everything whether nothing may be handed out from memory, to no pod: the edge's node is
 *     revoked, or there are more pods than can be told
 * @param pods each {@code namespace/name} or a uid, at most {@link #MAX_PODS}
 */
public record Withheld(int version, Position position, boolean everything, List<String> pods) {

  /** So many pods, of the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_PODS = 200;

  public Withheld {
    Check.present(position, "position");
    pods = List.copyOf(Check.present(pods, "pods"));
    if (pods.size() > MAX_PODS) {
      throw new IllegalArgumentException("pods has more than " + MAX_PODS + " entries");
    }
  }

  /** From none. */
  public static Withheld nothing(Position position) {
    return new Withheld(BusProtocol.VERSION, position, false, List.of());
  }
}
