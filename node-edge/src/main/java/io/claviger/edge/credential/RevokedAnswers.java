package io.claviger.edge.credential;

import io.claviger.edge.revocation.WithheldPods;

/** What this node holds and remembers, when other pods are withheld than before. Thread-safe. */
public final class RevokedAnswers {

  private final HeldSessions sessions;
  private final RefreshTokens refreshTokens;
  private final Refusals refusals;

  public RevokedAnswers(HeldSessions sessions, RefreshTokens refreshTokens, Refusals refusals) {
    this.sessions = sessions;
    this.refreshTokens = refreshTokens;
    this.refusals = refusals;
  }

  /** Forgets what is only for withheld pods, and refusals of those that are not any more. */
  public void apply(WithheldPods withheld) {
    sessions.withhold(withheld);
    refreshTokens.withhold(withheld);
    refusals.forgetRevokedPods();
  }
}
