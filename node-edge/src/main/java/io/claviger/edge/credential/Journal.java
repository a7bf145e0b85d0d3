package io.claviger.edge.credential;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest entries of a growing collection, numbered from 0. A reader that has read the whole
 * collection once continues here at the cost of the new entries only. An entry may occur several
 * times. Bounded: the oldest entries are dropped, and a reader that has missed some starts over.
 * Thread-safe.
 *
 * <p>A writer makes the element visible in the collection before it adds it here. A reader takes
 * {@link #end()} before it reads the whole collection. No element is then missed between the two.
 */
public final class Journal<T> {

  private final int size;
  private final Deque<T> newest = new ArrayDeque<>();
  private volatile long end;

  /**
   * Starts empty.
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

  /** Returns the number of the next entry to be added. */
  public long end() {
    return end;
  }

  /** Returns all entries from that number on, oldest first; absent if some were dropped. */
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
