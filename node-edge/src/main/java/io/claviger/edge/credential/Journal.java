package io.claviger.edge.credential;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest entries of something that grows, numbered from 0, so that whoever has read all of it
 * once reads on from there at the cost of what is new. An entry may come several times. Bounded:
 * the oldest are forgotten, and who has not read them starts over; thread-safe.
 *
 * <p>Who adds makes the thing visible first. Who reads takes {@link #end()} before it looks at the
 * whole: nothing falls between the two.
 */
public final class Journal<T> {

  private final int size;
  private final Deque<T> newest = new ArrayDeque<>();
  private volatile long end;

  /**
   * An empty one.
   *
   * @param size how many entries are kept
   */
  public Journal(int size) {
    this.size = size;
  }

  /** Adds an entry. */
  public synchronized void add(T entry) {
    if (newest.size() == size) {
      newest.removeFirst();
    }
    newest.addLast(entry);
    end++;
  }

  /** The number of the entry that is added next. */
  public long end() {
    return end;
  }

  /** All entries from that number on, oldest first; absent when some of them are forgotten. */
  public synchronized Optional<List<T>> from(long number) {
    long wanted = end - number;
    if (wanted > newest.size()) {
      return Optional.empty();
    }
    List<T> entries = new ArrayList<>((int) wanted);
    Iterator<T> fromTheNewest = newest.descendingIterator();
    while (entries.size() < wanted) {
      entries.add(fromTheNewest.next());
    }
    return Optional.of(entries.reversed());
  }
}
