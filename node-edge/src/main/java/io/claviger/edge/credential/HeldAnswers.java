package io.claviger.edge.credential;

import io.claviger.edge.revocation.HeldByNode;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.time.Duration;

/** The sessions and refusals of this node, as changes of associations see them. Thread-safe. */
public final class HeldAnswers implements HeldByNode {

  /** Everything is asked for again within this time, spread over it. */
  private static final Duration VERIFY_WITHIN = Duration.ofSeconds(2);

  private final HeldSessions sessions;
  private final Refusals refusals;

  public HeldAnswers(HeldSessions sessions, Refusals refusals) {
    this.sessions = sessions;
    this.refusals = refusals;
  }

  @Override
  public void forget(AssociationKey key, Position position, long revision) {
    sessions.forget(key, position, revision);
    refusals.forget(key, position);
  }

  @Override
  public void verifyAgain() {
    sessions.refreshAllWithin(VERIFY_WITHIN);
  }
}
