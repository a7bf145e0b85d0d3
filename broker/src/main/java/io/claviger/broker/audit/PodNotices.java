package io.claviger.broker.audit;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;

/** Reports to a pod's owners, as an Event on the pod, why the pod has no credentials. */
@FunctionalInterface
public interface PodNotices {

  /**
   * Reports a refusal. Returns at once, never throws; a report that does not fit is dropped and
   * counted.
   *
   * @param pod of a verified token
   * @param message what is wrong and what to do; no secret
   */
  void refused(WorkloadIdentity pod, RefusalReason reason, String message);
}
