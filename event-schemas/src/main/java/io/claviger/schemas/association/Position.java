package io.claviger.schemas.association;

/**
 * How far a cluster's association log has been applied. Positions of one cluster are totally
 * ordered; positions of different clusters cannot be compared.
 *
 * @param epoch the log's epoch: it grows when the log is started anew
 * @param sequence the contiguous number of the change within the epoch; 0 before the first
 */
public record Position(long epoch, long sequence) implements Comparable<Position> {

  /** The position before the first change of any epoch. */
  public static final Position NONE = new Position(0, 0);

  public Position {
    if (epoch < 0 || sequence < 0) {
      throw new IllegalArgumentException("a position is not negative");
    }
  }

  /** Returns the position of the next change of the same epoch. */
  public Position next() {
    return new Position(epoch, sequence + 1);
  }

  /** Whether no change lies between the two. The first position of an epoch follows none. */
  public boolean isRightAfter(Position before) {
    return equals(before.next()) || (before.equals(NONE) && sequence == 1);
  }

  /** Whether everything up to {@code other} has been applied at this position. */
  public boolean isAtLeast(Position other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(Position other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
  }
}
