package io.claviger.edge.revocation;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.Sync;
import java.util.function.Consumer;

/**
 * Applies what brokers say of moved associations. Two brokers may say the same; it is applied once
 * more without effect. Thread-safe.
 */
public final class AssociationMoves {

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

  private final PositionFloors floors;
  private final HeldByNode held;
  private final Consumer<Kind> observer;

  public AssociationMoves(PositionFloors floors, HeldByNode held, Consumer<Kind> observer) {
    this.floors = floors;
    this.held = held;
    this.observer = observer;
  }

  /**
   * Applies a push.
   *
   * @param sequence of the connection that it came on
   * @return {@link Kind#AFTER_GAP} when the broker has to be told anew what is held
   */
  public Kind apply(PushSequence sequence, AssociationMoved moved) {
    boolean whole = sequence.follows(moved.follows(), moved.position());
    // The floor first: an answer that arrives between the two steps sees it and is discarded.
    floors.raise(moved.key(), moved.position());
    // After a gap equal revisions prove nothing: one may be of an association that was made anew.
    held.forget(moved.key(), moved.position(), whole ? moved.revision() : UNKNOWN_REVISION);
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
    floors.raise(known.key(), position);
    held.forget(known.key(), position, UNKNOWN_REVISION);
    String associationId = known.associationId();
    if (associationId != null) {
      held.forgetRevision(known.key(), associationId, known.revision());
    }
    observer.accept(Kind.BY_SYNC);
  }
}
