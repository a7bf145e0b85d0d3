package io.claviger.schemas.bus;

/**
 * When a good token, and that its pod is there, is believed without its cluster's word: by a
 * broker, and by an edge to which the pod is new and no broker can say.
 */
public enum PodPolicy {
  /** Never: requests are answered 503. */
  REQUIRED,
  /** While the cluster, or each broker, cannot be asked; a broker counts that. */
  PREFERRED,
  /** Always: nobody is asked. */
  OFF
}
