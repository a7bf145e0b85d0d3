package io.claviger.edge.revocation;

import io.claviger.schemas.bus.AssociationMoved;
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
    AFTER_GAP
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
   */
  public void apply(PushSequence sequence, AssociationMoved moved) {
    boolean whole = sequence.follows(moved.follows(), moved.position());
    // The floor first: an answer that arrives between the two steps sees it and is discarded.
    floors.raise(moved.key(), moved.position());
    // After a gap equal revisions prove nothing: one may be of an association that was made anew.
    held.forget(moved.key(), moved.position(), whole ? moved.revision() : UNKNOWN_REVISION);
    if (!whole) {
      held.verifyAgain();
    }
    observer.accept(whole ? Kind.IN_ORDER : Kind.AFTER_GAP);
  }
}
