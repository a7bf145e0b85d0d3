package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;

/**
 * A pod in creation.
 *
 * @param namespace the namespace, which the pod itself may omit
 * @param always whether pods of the namespace are injected even without an association
 * @param dryRun whether the request is a dry run
 */
record NewPod(Pod pod, String namespace, boolean always, boolean dryRun) {

  /** The label of a pod, a service account or a namespace. */
  static final String INJECT = "claviger.io/inject";

  /** The label's value: inject even without an association. */
  static final String ALWAYS = "always";

  NewPod {
    Check.present(pod, "pod");
    Check.text(namespace, "namespace");
  }

  /** Whether the namespace or the pod requires injection even without an association. */
  boolean isAlways() {
    return always || pod.metadata().hasLabel(INJECT, ALWAYS);
  }
}
