package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Whether and how this broker acts on a cluster's {@code PodIdentityAssociation} objects. */
interface ObjectSettings {

  /**
   * Whether this broker acts on objects. The cluster needs the CRD; rights are in docs/objects.md.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * Whether an object that is deleted stays until its association is gone; without, the association
   * is deleted after it. Switched off, the finalizers that are there are taken away.
   */
  @WithDefault("true")
  boolean finalizer();

  /**
   * How long a deleted object stays while the association log cannot be written; then its
   * association is deleted once it can be.
   */
  @WithDefault("5m")
  Duration finalizerTimeout();

  /** The namespace of the Lease {@code claviger-objects}, which says which broker acts. */
  @WithDefault("claviger")
  String leaseNamespace();

  /** How often all objects and associations are compared; changes are noticed at once. */
  @WithDefault("5m")
  Duration resync();
}
