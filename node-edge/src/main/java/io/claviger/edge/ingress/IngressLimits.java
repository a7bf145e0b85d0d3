package io.claviger.edge.ingress;

/**
 * How much is let in.
 *
 * @param requests that may wait for a broker; as many connections may be open, a quarter of them
 *     from one address
 * @param requestsPerPod of the requests
 * @param workloads whose answers are kept rendered
 */
public record IngressLimits(int requests, int requestsPerPod, int workloads) {

  RequestLimits waiting() {
    return new RequestLimits(requests, requestsPerPod);
  }

  RequestLimits connections() {
    return new RequestLimits(requests, Math.max(requestsPerPod, requests / 4));
  }
}
