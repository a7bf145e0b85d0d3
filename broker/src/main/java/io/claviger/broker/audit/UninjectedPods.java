package io.claviger.broker.audit;

import io.claviger.schemas.association.AssociationKey;

/** Reports to a pod's owners that the pod was created before its association. */
@FunctionalInterface
public interface UninjectedPods {

  /** Reports nothing. */
  UninjectedPods NONE = workload -> {};

  /**
   * A pod of this service account is being created without the settings for credentials, because
   * there is no association. Returns at once, never throws.
   */
  void left(AssociationKey workload);
}
