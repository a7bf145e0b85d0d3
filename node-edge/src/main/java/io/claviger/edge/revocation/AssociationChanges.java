package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.Sync;
import java.util.function.Consumer;

/**
 * Applies what brokers say of changed associations. Two brokers may say the same; it is applied
 * once more without effect. Thread-safe.
 */
public final class AssociationChanges {

  /** What a push was. */
  public enum Kind {
    /** It followed what was known. */
    IN_ORDER,
    /** Something before it is missing. */
    AFTER_GAP,
    /** It was no push, but the answer to what a broker was told. */
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
   * @return {@link Kind#AFTER_GAP} when the broker has to be told anew what is cached
   */
  public Kind apply(PushSequence sequence, AssociationChanged changed) {
    boolean whole = sequence.follows(changed.follows(), changed.position());
    // The least position first: an answer that arrives between the two steps sees it and is
    // discarded.
    minPositions.raise(changed.key(), changed.position());
    // After a gap equal revisions prove nothing: one may be of an association that was made anew.
    cache.forget(changed.key(), changed.position(), whole ? changed.revision() : UNKNOWN_REVISION);
    Kind kind = whole ? Kind.IN_ORDER : Kind.AFTER_GAP;
    observer.accept(kind);
    return kind;
  }

  /**
   * Applies what a broker says of something that it was told: that it is not so any more.
   *
   * @param position that the broker says so at
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
