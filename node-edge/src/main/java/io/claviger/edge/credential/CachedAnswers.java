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

/** The cached sessions and refusals of this node, for changes of associations. Thread-safe. */
public final class CachedAnswers implements CacheInvalidation {

  /** Suspect entries are requested again within this time, spread over it. */
  private static final Duration VERIFY_WITHIN = Duration.ofSeconds(2);

  /** Longer if there are many entries: brokers that cannot confirm them are busy. */
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

  /** Returns the service accounts that have a cached session or refusal. */
  public Set<AssociationKey> associations() {
    Set<AssociationKey> associations = new HashSet<>(refusals.associations());
    sessions.all().forEach(session -> associations.add(session.association()));
    return associations;
  }

  /** Returns the cached sessions and the refusal of a service account; empty if there are none. */
  public Set<Sync.Known> known(AssociationKey association) {
    Set<Sync.Known> known = new LinkedHashSet<>();
    sessions.cachedOf(association).forEach(session -> known.add(session.known()));
    if (refusals.concern(association)) {
      known.add(Sync.Known.refused(association));
    }
    return known;
  }

  /** Soon requests these entries from a broker again; until then they are served as before. */
  public void verifyAgain(Collection<AssociationKey> associations) {
    Duration atItsRate = VERIFIED_EACH.multipliedBy(associations.size());
    sessions.suspect(
        associations, atItsRate.compareTo(VERIFY_WITHIN) > 0 ? atItsRate : VERIFY_WITHIN);
  }
}
