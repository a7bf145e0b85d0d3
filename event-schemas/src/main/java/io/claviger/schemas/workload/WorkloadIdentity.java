package io.claviger.schemas.workload;

import io.claviger.schemas.Check;
import org.jspecify.annotations.Nullable;

/**
 * A pod as a verified Kubernetes service-account token names it. It is only built from a token that
 * has been verified.
 *
 * @param cluster the registered name of the Kubernetes cluster whose issuer signed the token
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 * @param podName the pod's name
 * @param podUid the pod's uid, unique over time
 * @param node the node that the token is bound to; absent on clusters before Kubernetes 1.30
 * @param nodeUid the node's uid, unique over time; absent if the token contains none
 */
public record WorkloadIdentity(
    String cluster,
    String namespace,
    String serviceAccount,
    String podName,
    String podUid,
    @Nullable String node,
    @Nullable String nodeUid) {

  public WorkloadIdentity {
    Check.text(cluster, "cluster");
    Check.text(namespace, "namespace");
    Check.text(serviceAccount, "serviceAccount");
    Check.text(podName, "podName");
    Check.text(podUid, "podUid");
  }

  /** A pod whose node is known by name only, or not at all. */
  public WorkloadIdentity(
      String cluster,
      String namespace,
      String serviceAccount,
      String podName,
      String podUid,
      @Nullable String node) {
    this(cluster, namespace, serviceAccount, podName, podUid, node, null);
  }

  /**
   * Whether its token is bound to another node: by name, or by uid if both have one. The uid
   * distinguishes a deleted node from a later one of the same name.
   */
  public boolean isBoundToAnother(String name, @Nullable String uid) {
    return node != null
        && (!node.equals(name) || (nodeUid != null && uid != null && !nodeUid.equals(uid)));
  }
}
