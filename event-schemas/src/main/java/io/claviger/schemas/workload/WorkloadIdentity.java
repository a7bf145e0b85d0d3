package io.claviger.schemas.workload;

import io.claviger.schemas.Check;
import org.jspecify.annotations.Nullable;

/**
 * A pod as a verified Kubernetes service-account token names it. Holding one means that somebody
 * has verified the token; it is never built from an unverified one.
 *
 * @param cluster the registered name of the Kubernetes cluster whose issuer signed the token
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 * @param podName the pod's name
 * @param podUid the pod's uid, unique over time
 * @param node the node that the token is bound to; absent on clusters before Kubernetes 1.30
 */
public record WorkloadIdentity(
    String cluster,
    String namespace,
    String serviceAccount,
    String podName,
    String podUid,
    @Nullable String node) {

  public WorkloadIdentity {
    Check.text(cluster, "cluster");
    Check.text(namespace, "namespace");
    Check.text(serviceAccount, "serviceAccount");
    Check.text(podName, "podName");
    Check.text(podUid, "podUid");
  }
}
