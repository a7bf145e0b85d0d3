package io.claviger.edge.credential;

import io.claviger.edge.revocation.HeldByNode;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.Sync;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

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
  public Collection<Sync.Known> known() {
    Set<Sync.Known> known = new LinkedHashSet<>();
    sessions.all().forEach(session -> known.add(session.known()));
    refusals.associations().forEach(key -> known.add(Sync.Known.refused(key)));
    return known;
  }

  @Override
  public void forgetRevision(AssociationKey key, String associationId, long revision) {
    sessions.forgetRevision(key, associationId, revision);
  }

  @Override
  public void verifyAgain() {
    sessions.doubtAllWithin(VERIFY_WITHIN);
  }
}
