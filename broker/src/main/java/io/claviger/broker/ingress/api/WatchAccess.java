package io.claviger.broker.ingress.api;

import io.claviger.broker.association.Grants;
import io.claviger.schemas.association.Association;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a watcher may see, as keys and grants are at each moment.
 *
 * @param keyStands whether the key that has signed the request is registered still
 */
record WatchAccess(
    String principal, String cluster, Supplier<Grants> grants, BooleanSupplier keyStands) {

  /** Whether it may be told of an association. */
  boolean covers(Association association) {
    return keyStands.getAsBoolean()
        && grants.get().covers(principal, cluster, association.spec().namespace());
  }

  /** Whether it may be told of anything at all. */
  boolean stands() {
    return keyStands.getAsBoolean() && grants.get().missing(principal, cluster).isEmpty();
  }
}
