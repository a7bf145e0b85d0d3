package io.claviger.edge.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.credential.CredentialOutcome.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FlightsTest {

  private static final FlightKey ONE = new FlightKey.OfToken(TokenHash.of("one"));
  private static final CredentialOutcome SAID = new Unavailable("said");

  private final Flights flights = new Flights(2, Duration.ofSeconds(8));

  @Test
  void startsOneFlightForThreadsThatAskAtOnce() throws Exception {
    Queue<CompletableFuture<CredentialOutcome>> started = new ConcurrentLinkedQueue<>();
    CyclicBarrier together = new CyclicBarrier(16);
    List<Future<CompletionStage<CredentialOutcome>>> joined = new ArrayList<>();

    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 16; i++) {
        joined.add(
            threads.submit(
                () -> {
                  together.await();
                  return flights.joinOrStart(ONE, Instant.MAX, started::add);
                }));
      }
    }
    assertThat(started).hasSize(1);
    started.remove().complete(SAID);

    for (Future<CompletionStage<CredentialOutcome>> flight : joined) {
      assertThat(flight.get().toCompletableFuture().join()).isSameAs(SAID);
    }
    assertThat(flights.size()).isZero();
  }

  @Test
  void startsANewFlightForWhoAsksWhenTheLastHasEnded() {
    AtomicInteger started = new AtomicInteger();
    List<CompletableFuture<CredentialOutcome>> open = new ArrayList<>();
    CompletionStage<CredentialOutcome> first =
        flights.joinOrStart(
            ONE,
            Instant.MAX,
            result -> {
              started.incrementAndGet();
              open.add(result);
            });
    CompletionStage<CredentialOutcome> second =
        first.thenCompose(
            outcome ->
                flights.joinOrStart(
                    ONE,
                    Instant.MAX,
                    result -> {
                      started.incrementAndGet();
                      open.add(result);
                    }));

    open.getFirst().complete(SAID);

    assertThat(started).hasValue(2);
    assertThat(second.toCompletableFuture()).isNotDone();
  }

  @Test
  void refusesMoreFlightsThanItsLimit() {
    flights.joinOrStart(new FlightKey.OfToken(TokenHash.of("a")), Instant.MAX, result -> {});
    flights.joinOrStart(new FlightKey.OfToken(TokenHash.of("b")), Instant.MAX, result -> {});

    CompletionStage<CredentialOutcome> third = flights.joinOrStart(ONE, Instant.MAX, result -> {});

    assertThat(third.toCompletableFuture().join()).isInstanceOf(Unavailable.class);
    assertThat(flights.size()).isEqualTo(2);
  }

  @Test
  void endsAFlightThatCannotLeave() {
    CompletionStage<CredentialOutcome> flight =
        flights.joinOrStart(
            ONE,
            Instant.MAX,
            result -> {
              throw new IllegalStateException("a bug");
            });

    assertThat(flight.toCompletableFuture()).isCompletedExceptionally();
    assertThat(flights.size()).isZero();
  }
}
