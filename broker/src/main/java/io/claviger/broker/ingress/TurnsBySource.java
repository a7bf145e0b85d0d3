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
 * A fair queue. Sources take turns, so that a busy source gets no more turns than others. Within a
 * source, the newest item comes first: under overload, the oldest items are about to time out, and
 * serving them first would serve none in time. The queue is unbounded. On one thread only.
 *
 * @param <T> the type of the items
 */
final class TurnsBySource<T> {

  private final Predicate<T> over;
  private final Consumer<T> late;
  private final Map<Object, Deque<T>> bySource = new HashMap<>();
  private final Deque<Object> turns = new ArrayDeque<>();
  private int size;

  /**
   * Creates an empty queue.
   *
   * @param over whether an item has timed out
   * @param late receives each item that has timed out, instead of a turn
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

  /** The number of queued items. */
  int size() {
    return size;
  }

  /** Removes and returns the next item that has not timed out; null if there is none. */
  @Nullable T next() {
    while (!turns.isEmpty()) {
      Object source = turns.getFirst();
      Deque<T> items = Objects.requireNonNull(bySource.get(source));
      T next = newestInTime(items);
      // Removes the source only now: if a callback throws, the source keeps its turn.
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

  /** Timeouts differ, so the order of arrival is only roughly the order of deadlines. */
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
