package io.claviger.broker.issuance;

import io.claviger.schemas.bus.RequestPriority;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The pending opens that wait, each in the queue of its priority, in the order in which they came
 * to it. Thread-safe.
 */
final class PriorityQueues {

  private final Map<RequestPriority, SequencedSet<PendingOpen>> queues =
      new EnumMap<>(RequestPriority.class);

  PriorityQueues() {
    for (RequestPriority priority : RequestPriority.values()) {
      queues.put(priority, new LinkedHashSet<>());
    }
  }

  /** Adds it at the end of the queue of its own priority. */
  synchronized void add(PendingOpen pendingOpen) {
    Objects.requireNonNull(queues.get(pendingOpen.priority())).add(pendingOpen);
  }

  /** Moves one that waits to the end of the queue of the priority that it has now. */
  synchronized void move(PendingOpen pendingOpen) {
    if (remove(pendingOpen)) {
      add(pendingOpen);
    }
  }

  /** Answers whether it was waiting. */
  synchronized boolean remove(PendingOpen pendingOpen) {
    boolean removed = false;
    for (Collection<PendingOpen> queue : queues.values()) {
      removed |= queue.remove(pendingOpen);
    }
    return removed;
  }

  /**
   * How many would go before one that comes with a priority.
   *
   * @param byAge every so many turns one of the less urgent goes
   */
  synchronized int ahead(RequestPriority priority, int byAge) {
    int first = size(RequestPriority.FIRST);
    int others =
        queues.keySet().stream()
            .filter(other -> other != RequestPriority.FIRST && other.compareTo(priority) <= 0)
            .mapToInt(this::size)
            .sum();
    return priority == RequestPriority.FIRST
        ? first
        : Math.min(first + others, byAge * (others + 1));
  }

  private int size(RequestPriority priority) {
    return Objects.requireNonNull(queues.get(priority)).size();
  }

  /**
   * The first of the most urgent queue; or, by age, the oldest of the first ones of the queues that
   * have to wait for that one. It stays where it is.
   */
  synchronized @Nullable PendingOpen next(boolean byAge) {
    Comparator<PendingOpen> byPriority = Comparator.comparing(PendingOpen::priority);
    Comparator<PendingOpen> order =
        byAge
            ? Comparator.comparing(
                    (PendingOpen pendingOpen) -> pendingOpen.priority() == RequestPriority.FIRST)
                .thenComparing(PendingOpen::sinceMillis)
            : byPriority;
    return queues.values().stream()
        .filter(queue -> !queue.isEmpty())
        .map(SequencedSet::getFirst)
        .min(order)
        .orElse(null);
  }
}
