package io.claviger.schemas.bus;

/**
 * When a valid token is accepted without confirmation by its cluster that the pod exists. Brokers
 * apply it; so does an edge to which the pod is new and for which no broker can answer.
 */
public enum PodPolicy {
  /** Never: without confirmation, requests are answered 503. */
  REQUIRED,
  /** While the cluster, or each broker, cannot be reached; a broker counts these. */
  PREFERRED,
  /** Always: no confirmation is requested. */
  OFF
}
