package io.claviger.broker.audit;

import io.claviger.schemas.association.AssociationKey;

/** Tells a pod's owners, where they look for it, that its association came too late for it. */
@FunctionalInterface
public interface UninjectedPods {

  /** Where nobody can be told. */
  UninjectedPods NONE = workload -> {};

  /**
   * A pod of this service account is being created without what it needs for credentials, as there
   * is no association. Returns at once, never throws.
   */
  void left(AssociationKey workload);
}
