package io.claviger.edge.credential;

import io.claviger.edge.revocation.PodRevocations;

/**
 * What this node keeps of brokers' answers, and of pods to renew sessions with. Thread-safe.
 *
 * @param sessions that are served
 * @param refusals of the last seconds
 * @param refreshTokens of pods, that their sessions are renewed with
 */
public record NodeMemory(
    SessionCache sessions, RefusalCache refusals, RefreshTokens refreshTokens) {

  /** Forgets what is only for revoked pods, and refusals of those that are not any more. */
  public void forgetRevoked(PodRevocations podRevocations) {
    sessions.forgetRevoked(podRevocations);
    refreshTokens.forgetRevoked(podRevocations);
    refusals.forgetRevokedPods();
  }
}
