package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * An edge reports pods that it serves. From then on the broker pushes to this connection when one
 * of them is gone, and at once it says which are gone already. What is more than fits into one
 * request comes in several.
 *
 * @param version of the protocol the edge speaks
 * @param first whether the pods are new to the edge and wait for the answer: then the broker asks
 *     their cluster where it does not know itself
 * @param pods at most {@link #MAX_PODS}
 */
public record PodReport(int version, boolean first, List<Pod> pods) {

  /** So many entries, of the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_PODS = 100;

  public PodReport {
    pods = Check.list(pods, "pods", MAX_PODS);
  }

  /**
   * A pod, as a token names it that the edge has verified.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid which of all that ever had this name
   */
  public record Pod(String namespace, String name, String uid) {

    private static final int MAX_NAMESPACE = 63;
    private static final int MAX_NAME = 253;
    private static final int MAX_UID = 64;

    public Pod {
      Check.text(namespace, "namespace", MAX_NAMESPACE);
      Check.text(name, "name", MAX_NAME);
      Check.text(uid, "uid", MAX_UID);
    }
  }
}
