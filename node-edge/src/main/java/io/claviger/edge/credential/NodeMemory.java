package io.claviger.edge.credential;

import io.claviger.edge.revocation.PodRevocations;

/**
 * What this node caches: brokers' answers, and tokens to refresh sessions with. Thread-safe.
 *
 * @param sessions that are served
 * @param refusals of the last seconds
 * @param refreshTokens of pods, to refresh their sessions with
 */
public record NodeMemory(
    SessionCache sessions, RefusalCache refusals, RefreshTokens refreshTokens) {

  /** Drops the entries of revoked pods only, and refusals of pods that are no longer revoked. */
  public void forgetRevoked(PodRevocations podRevocations) {
    sessions.forgetRevoked(podRevocations);
    refreshTokens.forgetRevoked(podRevocations);
    refusals.forgetRevokedPods();
  }
}
