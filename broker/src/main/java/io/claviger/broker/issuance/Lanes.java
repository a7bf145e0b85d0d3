package io.claviger.broker.issuance;

import io.claviger.schemas.bus.Lane;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** The tickets that wait, each in one lane, in the order in which they came to it. Thread-safe. */
final class Lanes {

  private final Map<Lane, SequencedSet<Ticket>> lanes = new EnumMap<>(Lane.class);

  Lanes() {
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new LinkedHashSet<>());
    }
  }

  /** Ends in the ticket's own lane. */
  synchronized void add(Ticket ticket) {
    Objects.requireNonNull(lanes.get(ticket.lane())).add(ticket);
  }

  /** Moves a ticket that waits to the end of the lane that it is in now. */
  synchronized void move(Ticket ticket) {
    if (remove(ticket)) {
      add(ticket);
    }
  }

  /** Answers whether it was waiting. */
  synchronized boolean remove(Ticket ticket) {
    boolean removed = false;
    for (Collection<Ticket> lane : lanes.values()) {
      removed |= lane.remove(ticket);
    }
    return removed;
  }

  /**
   * How many would go before one that comes to a lane.
   *
   * @param byAge every so many turns one of the less urgent goes
   */
  synchronized int ahead(Lane lane, int byAge) {
    int first = size(Lane.FIRST);
    int others =
        lanes.keySet().stream()
            .filter(other -> other != Lane.FIRST && other.compareTo(lane) <= 0)
            .mapToInt(this::size)
            .sum();
    return lane == Lane.FIRST ? first : Math.min(first + others, byAge * (others + 1));
  }

  private int size(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane)).size();
  }

  /**
   * The first of the most urgent lane; or, by age, the oldest of the first ones of the lanes that
   * have to wait for that one. It stays where it is.
   */
  synchronized @Nullable Ticket next(boolean byAge) {
    Comparator<Ticket> urgency = Comparator.comparing(Ticket::lane);
    Comparator<Ticket> order =
        byAge
            ? Comparator.comparing((Ticket ticket) -> ticket.lane() == Lane.FIRST)
                .thenComparing(Ticket::sinceMillis)
            : urgency;
    return lanes.values().stream()
        .filter(lane -> !lane.isEmpty())
        .map(SequencedSet::getFirst)
        .min(order)
        .orElse(null);
  }
}
