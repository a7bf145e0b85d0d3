package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.workload.WorkloadIdentity;

/**
 * Identifies the service account of an association. At most one association exists per key.
 *
 * @param cluster the registered name of the Kubernetes cluster
 * @param namespace the namespace; it need not exist
 * @param serviceAccount the service account; it need not exist
 */
public record AssociationKey(String cluster, String namespace, String serviceAccount) {

  public AssociationKey {
    Check.text(cluster, "cluster");
    Check.text(namespace, "namespace");
    Check.text(serviceAccount, "serviceAccount");
  }

  /** Returns the key of the association that applies to a workload. */
  public static AssociationKey of(WorkloadIdentity workload) {
    return new AssociationKey(workload.cluster(), workload.namespace(), workload.serviceAccount());
  }

  /** Returns the record's key in the changes topic: {@code cluster/namespace/serviceAccount}. */
  public String recordKey() {
    return cluster + "/" + namespace + "/" + serviceAccount;
  }

  /**
   * Parses what {@link #recordKey()} returns.
   *
   * @throws IllegalArgumentException if the text does not have exactly three parts
   */
  public static AssociationKey parse(String recordKey) {
    String[] parts = recordKey.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not cluster/namespace/serviceAccount: " + recordKey);
    }
    return new AssociationKey(parts[0], parts[1], parts[2]);
  }
}
