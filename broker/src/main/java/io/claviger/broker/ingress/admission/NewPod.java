package io.claviger.broker.ingress.admission;

import io.claviger.schemas.Check;

/**
 * A pod that is to be created.
 *
 * @param namespace in which; the pod itself need not say it
 * @param dryRun whether somebody only wants to know what would be
 */
record NewPod(Pod pod, String namespace, boolean dryRun) {

  NewPod {
    Check.present(pod, "pod");
    Check.text(namespace, "namespace");
  }
}
