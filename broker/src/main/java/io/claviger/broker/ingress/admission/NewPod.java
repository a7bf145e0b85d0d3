package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;

/**
 * A pod that is to be created.
 *
 * @param namespace in which; the pod itself need not say it
 * @param always whether what is in that namespace is injected also without an association
 * @param dryRun whether somebody only wants to know what would be
 */
record NewPod(Pod pod, String namespace, boolean always, boolean dryRun) {

  /** A label of a pod, a service account or a namespace. */
  static final String INJECT = "claviger.io/inject";

  /** Its value: injected also without an association. */
  static final String ALWAYS = "always";

  NewPod {
    Check.present(pod, "pod");
    Check.text(namespace, "namespace");
  }

  /** Whether its namespace or the pod itself says that it is injected in any case. */
  boolean isAlways() {
    return always || pod.metadata().hasLabel(INJECT, ALWAYS);
  }
}
