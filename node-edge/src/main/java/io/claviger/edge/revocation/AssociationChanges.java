package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.Sync;
import java.util.function.Consumer;

/**
 * Applies the changes of associations that brokers report. Applying the report of a second broker
 * has no further effect. Thread-safe.
 */
public final class AssociationChanges {

  /** How a change arrived. */
  public enum Kind {
    /** As a push without a gap before it. */
    IN_ORDER,
    /** As a push after a gap. */
    AFTER_GAP,
    /** As the answer to this edge's report. */
    BY_SYNC
  }

  private static final long UNKNOWN_REVISION = -1;

  private final MinPositions minPositions;
  private final CacheInvalidation cache;
  private final Consumer<Kind> observer;

  public AssociationChanges(
      MinPositions minPositions, CacheInvalidation cache, Consumer<Kind> observer) {
    this.minPositions = minPositions;
    this.cache = cache;
    this.observer = observer;
  }

  /**
   * Applies a push.
   *
   * @param sequence of the connection that it came on
   * @return {@link Kind#AFTER_GAP} if this edge must report its cache to the broker anew
   */
  public Kind apply(PushSequence sequence, AssociationChanged changed) {
    boolean whole = sequence.follows(changed.follows(), changed.position());
    // The minimum position first: it rejects an answer that arrives between the two steps.
    minPositions.raise(changed.key(), changed.position());
    // After a gap equal revisions prove nothing: the association may have been created anew.
    cache.forget(changed.key(), changed.position(), whole ? changed.revision() : UNKNOWN_REVISION);
    Kind kind = whole ? Kind.IN_ORDER : Kind.AFTER_GAP;
    observer.accept(kind);
    return kind;
  }

  /**
   * Applies a broker's answer that a reported entry is no longer current.
   *
   * @param position of the broker's answer
   */
  public void apply(Sync.Known known, Position position) {
    minPositions.raise(known.key(), position);
    cache.forget(known.key(), position, UNKNOWN_REVISION);
    String associationId = known.associationId();
    if (associationId != null) {
      cache.forgetRevision(known.key(), associationId, known.revision());
    }
    observer.accept(Kind.BY_SYNC);
  }
}
