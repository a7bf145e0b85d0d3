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
 * The pending opens that wait, one queue for each priority, in the order of arrival. Thread-safe.
 */
final class PriorityQueues {

  private final Map<RequestPriority, SequencedSet<PendingOpen>> queues =
      new EnumMap<>(RequestPriority.class);

  PriorityQueues() {
    for (RequestPriority priority : RequestPriority.values()) {
      queues.put(priority, new LinkedHashSet<>());
    }
  }

  /** Adds the pending open at the end of its priority's queue. */
  synchronized void add(PendingOpen pendingOpen) {
    Objects.requireNonNull(queues.get(pendingOpen.priority())).add(pendingOpen);
  }

  /** Moves a waiting pending open to the end of the queue of its current priority. */
  synchronized void move(PendingOpen pendingOpen) {
    if (remove(pendingOpen)) {
      add(pendingOpen);
    }
  }

  /** Returns whether it was waiting. */
  synchronized boolean remove(PendingOpen pendingOpen) {
    boolean removed = false;
    for (Collection<PendingOpen> queue : queues.values()) {
      removed |= queue.remove(pendingOpen);
    }
    return removed;
  }

  /**
   * Returns how many pending opens go before a new one of the given priority.
   *
   * @param byAge one turn in this many goes to a lower priority
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
   * Returns the first pending open of the highest priority. By age, returns the oldest head among
   * the lower-priority queues. Does not remove it.
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
