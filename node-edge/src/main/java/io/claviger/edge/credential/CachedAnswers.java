package io.claviger.edge.credential;

import io.claviger.edge.revocation.CacheInvalidation;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.Sync;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The sessions and refusals of this node, as changes of associations see them. Thread-safe. */
public final class CachedAnswers implements CacheInvalidation {

  /** What is suspect is asked for again within this time, spread over it. */
  private static final Duration VERIFY_WITHIN = Duration.ofSeconds(2);

  /** Longer where it is much: brokers that cannot say what is still so are busy ones. */
  private static final Duration VERIFIED_EACH = Duration.ofMillis(50);

  private final SessionCache sessions;
  private final RefusalCache refusals;

  public CachedAnswers(NodeMemory memory) {
    this.sessions = memory.sessions();
    this.refusals = memory.refusals();
  }

  @Override
  public void forget(AssociationKey key, Position position, long revision) {
    sessions.forget(key, position, revision);
    refusals.forget(key, position);
  }

  @Override
  public void forgetRevision(AssociationKey key, String associationId, long revision) {
    sessions.forgetRevision(key, associationId, revision);
  }

  /** The service accounts of which something is cached or was refused. */
  public Set<AssociationKey> associations() {
    Set<AssociationKey> associations = new HashSet<>(refusals.associations());
    sessions.all().forEach(session -> associations.add(session.association()));
    return associations;
  }

  /**
   * What is cached of a service account now, and that it was refused; nothing when neither is so.
   */
  public Set<Sync.Known> known(AssociationKey association) {
    Set<Sync.Known> known = new LinkedHashSet<>();
    sessions.cachedOf(association).forEach(session -> known.add(session.known()));
    if (refusals.concern(association)) {
      known.add(Sync.Known.refused(association));
    }
    return known;
  }

  /** Asks a broker again, soon, for what is cached of these; until then it is served as before. */
  public void verifyAgain(Collection<AssociationKey> associations) {
    Duration atItsRate = VERIFIED_EACH.multipliedBy(associations.size());
    sessions.suspect(
        associations, atItsRate.compareTo(VERIFY_WITHIN) > 0 ? atItsRate : VERIFY_WITHIN);
  }
}
