package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * An edge reports pods that it serves. The broker answers at once which of them are already gone.
 * From then on it pushes to this connection when one of them is gone. An edge with more pods than
 * fit into one request sends several.
 *
 * @param version of the protocol that the edge uses
 * @param first whether the pods are new to the edge and wait for the answer: the broker then asks
 *     their cluster about pods that it has no record of
 * @param pods at most {@link #MAX_PODS}
 */
public record PodReport(int version, boolean first, List<Pod> pods) {

  /** This many entries, with the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_PODS = 100;

  public PodReport {
    pods = Check.list(pods, "pods", MAX_PODS);
  }

  /**
   * A pod, as named by a token that the edge has verified.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid distinguishes it from every other pod that ever had this name
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
