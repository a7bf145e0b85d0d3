package io.claviger.broker.audit;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;

/** Tells a pod's owners, where they look for it, why it has no credentials. */
@FunctionalInterface
public interface PodNotices {

  /**
   * Tells of a refusal. Returns at once, never throws; what does not fit is dropped and counted.
   *
   * @param pod of a verified token
   * @param message what is wrong and what to do; no secret
   */
  void refused(WorkloadIdentity pod, RefusalReason reason, String message);
}
