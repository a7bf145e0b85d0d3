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
   * Whether a deleted object stays until its association is deleted; if false, the association is
   * deleted after the object. When it is switched off, existing finalizers are removed.
   */
  @WithDefault("true")
  boolean finalizer();

  /**
   * How long a deleted object stays while the association log cannot be written. After that, the
   * association is deleted once the log can be written.
   */
  @WithDefault("5m")
  Duration finalizerTimeout();

  /** The namespace of the Lease {@code claviger-objects}, which selects the broker that acts. */
  @WithDefault("claviger")
  String leaseNamespace();

  /** The interval of full comparisons of objects and associations; changes are handled at once. */
  @WithDefault("5m")
  Duration resync();
}
