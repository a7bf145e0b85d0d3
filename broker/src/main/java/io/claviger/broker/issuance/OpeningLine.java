package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.Lane;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The line in front of STS. While a slot is free a ticket goes straight through. When all are
 * taken, tickets stand in the lane of their urgency; the most urgent are gathered into
 * micro-batches, sorted, and opened as slots become free.
 *
 * <p>Bounded: in slots, and in tickets that wait. All emission is from one worker, so the sinks
 * stay serialized.
 */
final class OpeningLine implements AutoCloseable {

  /** Small, so that little is gathered ahead of a more urgent ticket that comes later. */
  private static final int BATCH = 16;

  private static final Comparator<Ticket> URGENCY = Comparator.comparing(Ticket::lane);

  private final Function<Ticket, Mono<?>> open;
  private final int slots;
  private final int maxWaiting;
  private final Scheduler.Worker serial;
  private final Sinks.Many<Ticket> express = sink();
  private final Map<Lane, Sinks.Many<Ticket>> lanes = new EnumMap<>(Lane.class);
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final DistributionSummary batches;
  private final Disposable subscription;

  /**
   * Opens the line.
   *
   * @param open opens a ticket's session and ends when that has ended; called once a ticket
   * @param slots how many are opened at once
   * @param maxWaiting how many wait besides
   * @param window how long tickets are gathered while no slot is free
   */
  OpeningLine(
      Function<Ticket, Mono<?>> open,
      int slots,
      int maxWaiting,
      Duration window,
      Scheduler scheduler,
      MeterRegistry meters) {
    this.open = open;
    this.slots = slots;
    this.maxWaiting = maxWaiting;
    this.serial = scheduler.createWorker();
    for (Lane lane : Lane.values()) {
      lanes.put(lane, sink());
    }
    batches = DistributionSummary.builder(Meters.OPENING_BATCH).register(meters);
    meters.gauge(Meters.OPENING_WAITING, admitted, all -> Math.max(0, all.get() - inFlight.get()));
    meters.gauge(Meters.OPENING_IN_FLIGHT, inFlight);
    subscription =
        Flux.merge(1, express.asFlux(), gathered(window, scheduler))
            .filter(this::take)
            .flatMap(this::slot, slots, 1)
            .subscribe();
  }

  private static Sinks.Many<Ticket> sink() {
    return Sinks.many().unicast().onBackpressureBuffer();
  }

  /**
   * The lanes' tickets, the most urgent lane first. Gathering asks for a few batches' worth at
   * most: the rest stays in its lane, where whoever is more urgent overtakes it.
   */
  @SuppressWarnings("unchecked")
  private Flux<Ticket> gathered(Duration window, Scheduler scheduler) {
    Publisher<Ticket>[] byUrgency =
        lanes.values().stream().map(Sinks.Many::asFlux).toArray(Publisher[]::new);
    return Flux.mergePriority(1, URGENCY, byUrgency)
        .bufferTimeout(BATCH, window, scheduler, true)
        .doOnNext(batch -> batches.record(batch.size()))
        .concatMapIterable(OpeningLine::mostUrgentFirst, 1);
  }

  private static List<Ticket> mostUrgentFirst(List<Ticket> batch) {
    return batch.stream().sorted(URGENCY).toList();
  }

  /** Lets a ticket stand in line; false when the line is full. */
  boolean admit(Ticket ticket) {
    int position = admitted.incrementAndGet();
    if (position > slots + maxWaiting) {
      admitted.decrementAndGet();
      return false;
    }
    if (position <= slots) {
      batches.record(1);
      emit(express, ticket);
    } else {
      emit(lane(ticket), ticket);
    }
    return true;
  }

  /**
   * Lets a ticket that waits stand in the lane it is in now, too; it is taken from the first that
   * moves.
   */
  void overtake(Ticket ticket) {
    emit(lane(ticket), ticket);
  }

  private Sinks.Many<Ticket> lane(Ticket ticket) {
    return Objects.requireNonNull(lanes.get(ticket.lane()));
  }

  private void emit(Sinks.Many<Ticket> sink, Ticket ticket) {
    serial.schedule(() -> sink.tryEmitNext(ticket));
  }

  private boolean take(Ticket ticket) {
    if (!ticket.take()) {
      return false;
    }
    if (ticket.isDone()) {
      admitted.decrementAndGet();
      return false;
    }
    return true;
  }

  private Mono<?> slot(Ticket ticket) {
    inFlight.incrementAndGet();
    return Mono.defer(() -> open.apply(ticket))
        .onErrorComplete()
        .doFinally(
            end -> {
              inFlight.decrementAndGet();
              admitted.decrementAndGet();
            });
  }

  @Override
  public void close() {
    subscription.dispose();
    serial.dispose();
  }
}
