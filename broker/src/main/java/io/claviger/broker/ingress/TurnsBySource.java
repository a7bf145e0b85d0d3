package io.claviger.broker.ingress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for its turn: of sources one after the other, so that others have as many turns as one
 * that asks a lot; of each source the newest first. Whoever has too much to do and takes the oldest
 * first takes what is about to be too late, all the time, and serves nobody. Not bounded itself; on
 * one thread only.
 *
 * @param <T> of which each source has some
 */
final class TurnsBySource<T> {

  private final Predicate<T> over;
  private final Consumer<T> late;
  private final Map<Object, Deque<T>> bySource = new HashMap<>();
  private final Deque<Object> turns = new ArrayDeque<>();
  private int size;

  /**
   * Nothing waits.
   *
   * @param over whether nobody waits for it any more
   * @param late is given what that is so of, in the place of a turn
   */
  TurnsBySource(Predicate<T> over, Consumer<T> late) {
    this.over = over;
    this.late = late;
  }

  void add(Object source, T item) {
    Deque<T> items = bySource.get(source);
    if (items == null) {
      items = new ArrayDeque<>();
      bySource.put(source, items);
      turns.add(source);
    }
    items.addFirst(item);
    size++;
  }

  /** Those that have had no turn. */
  int size() {
    return size;
  }

  /** Whose turn it is, or nothing where nobody waits who still wants one. */
  @Nullable T next() {
    while (!turns.isEmpty()) {
      Object source = turns.getFirst();
      Deque<T> items = Objects.requireNonNull(bySource.get(source));
      T next = newestInTime(items);
      // Only now: where a callback throws, nobody loses a turn.
      turns.removeFirst();
      if (items.isEmpty()) {
        bySource.remove(source);
      } else {
        turns.add(source);
      }
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /** Ends are only about in the order in which they came: some wait for longer than others. */
  private @Nullable T newestInTime(Deque<T> items) {
    while (!items.isEmpty() && over.test(items.getLast())) {
      tooLate(items.removeLast());
    }
    while (!items.isEmpty()) {
      T newest = items.removeFirst();
      if (!over.test(newest)) {
        size--;
        return newest;
      }
      tooLate(newest);
    }
    return null;
  }

  private void tooLate(T item) {
    size--;
    late.accept(item);
  }
}
