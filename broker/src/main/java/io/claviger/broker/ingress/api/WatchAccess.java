package io.claviger.broker.ingress.api;

import io.claviger.broker.association.Grants;
import io.claviger.schemas.association.Association;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A watcher's access by the current keys and grants.
 *
 * @param keyStands whether the request's access key is still registered
 */
record WatchAccess(
    String principal, String cluster, Supplier<Grants> grants, BooleanSupplier keyStands) {

  /** Whether the watcher may see an association. */
  boolean covers(Association association) {
    return keyStands.getAsBoolean()
        && grants.get().covers(principal, cluster, association.spec().namespace());
  }

  /** Whether the watcher still has any access. */
  boolean stands() {
    return keyStands.getAsBoolean() && grants.get().missing(principal, cluster).isEmpty();
  }
}
