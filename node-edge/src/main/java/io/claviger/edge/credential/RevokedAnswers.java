package io.claviger.edge.credential;

import io.claviger.edge.revocation.PodRevocations;

/** What this node caches and remembers, when other pods are revoked than before. Thread-safe. */
public final class RevokedAnswers {

  private final SessionCache sessions;
  private final RefreshTokens refreshTokens;
  private final RefusalCache refusals;

  public RevokedAnswers(SessionCache sessions, RefreshTokens refreshTokens, RefusalCache refusals) {
    this.sessions = sessions;
    this.refreshTokens = refreshTokens;
    this.refusals = refusals;
  }

  /** Forgets what is only for revoked pods, and refusals of those that are not any more. */
  public void apply(PodRevocations podRevocations) {
    sessions.forgetRevoked(podRevocations);
    refreshTokens.forgetRevoked(podRevocations);
    refusals.forgetRevokedPods();
  }
}
