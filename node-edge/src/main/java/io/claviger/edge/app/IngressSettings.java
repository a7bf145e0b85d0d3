package io.claviger.edge.app;

import io.claviger.edge.ingress.IngressLimits;
import io.claviger.edge.ingress.IngressTimes;

/** The settings of what pods ask at, as that package wants them. */
final class IngressSettings {

  private IngressSettings() {}

  static IngressLimits limits(EdgeSettings settings) {
    EdgeSettings.Limits limits = settings.limits();
    return new IngressLimits(
        limits.concurrentRequests(), limits.concurrentRequestsPerPod(), limits.workloads());
  }

  static IngressTimes times(EdgeSettings settings) {
    return new IngressTimes(
        settings.credentials().deadline(),
        settings.credentials().unavailablePause(),
        settings.limits().slowClient(),
        settings.drain());
  }
}
