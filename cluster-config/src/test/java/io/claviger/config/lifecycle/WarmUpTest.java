package io.claviger.config.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WarmUpTest {

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(2_000, Duration.ofSeconds(3), Duration.ofSeconds(4), 0, Duration.ZERO, 9);

  private static final Duration TIME = Duration.ofMinutes(1);

  private final List<String> done = new ArrayList<>();
  private long now = 7;
  private int rounds;

  /** The warm-up under test, which its own rounds inspect. */
  private WarmUp made = warmUp(() -> Duration.ZERO);

  private final class Counted implements WarmUp.Exercise {
    private final Callable<Duration> round;

    Counted(Callable<Duration> round) {
      this.round = round;
    }

    @Override
    public void run() throws Exception {
      rounds++;
      long took = round.call().toNanos();
      now += took;
    }

    @Override
    public void close() {
      done.add("closed");
    }
  }

  private WarmUp warmUp(Callable<Duration> round) {
    return warmUp(BOUNDS, round);
  }

  private WarmUp warmUp(WarmUp.Bounds bounds, Callable<Duration> round) {
    made = new WarmUp(() -> new Counted(round), bounds, () -> now, nanos -> now += nanos);
    return made;
  }

  private static WarmUp.Bounds afterwards(int rounds, Duration time) {
    return new WarmUp.Bounds(10, Duration.ofSeconds(3), Duration.ofSeconds(4), rounds, time, 4);
  }

  @Test
  void isNotOverBeforeItHasBegun() {
    WarmUp warmUp = warmUp(() -> Duration.ZERO);

    now += Duration.ofHours(1).toNanos();

    assertThat(warmUp.over()).isFalse();
    assertThat(warmUp.seconds()).isZero();
  }

  @Test
  void goesOnWhileRoundsBecomeFaster() {
    WarmUp warmUp = warmUp(() -> Duration.ofNanos(1_000_000_000_000L / (100_000L * (rounds + 1))));

    warmUp.begin().run();

    assertThat(rounds).isGreaterThan(800).isLessThan(2_000);
    assertThat(warmUp.over()).isTrue();
    assertThat(done).containsExactly("closed");
  }

  @Test
  void endsSoonWhereThereIsNothingToGain() {
    warmUp(() -> Duration.ofMillis(1)).begin().run();

    assertThat(rounds).isEqualTo(450);
  }

  @Test
  void runsNoMoreRoundsThanItsBound() {
    warmUp(() -> Duration.ofNanos(1L << Math.max(0, 40 - rounds / 49))).begin().run();

    assertThat(rounds).isLessThanOrEqualTo(2_000);
  }

  @Test
  void beginsNoRoundWhenItsTimeIsOver() {
    WarmUp warmUp = warmUp(() -> Duration.ofMillis(40));

    warmUp.begin().run();

    assertThat(rounds).isEqualTo(76);
    assertThat(warmUp.seconds()).isBetween(3.0, 3.05);
  }

  @Test
  void isOverAfterItsBoundThoughARoundStillGoesOn() {
    List<Boolean> over = new ArrayList<>();
    WarmUp warmUp =
        warmUp(
            () -> {
              over.add(made.over());
              now += Duration.ofMillis(4_001).toNanos();
              over.add(made.over());
              return Duration.ZERO;
            });

    warmUp.begin().run();

    assertThat(over).containsExactly(false, true);
  }

  @Test
  void isOverWhenARoundFails() {
    WarmUp warmUp = warmUp(WarmUpTest::brokenRound);

    warmUp.begin().run();

    assertThat(warmUp.over()).isTrue();
    assertThat(rounds).isOne();
    assertThat(done).containsExactly("closed");
  }

  @Test
  void isOverWhenItCannotBePrepared() {
    WarmUp warmUp =
        new WarmUp(
            () -> {
              throw new NoClassDefFoundError("broken on purpose");
            },
            BOUNDS,
            () -> now,
            nanos -> {});

    warmUp.begin().run();

    assertThat(warmUp.over()).isTrue();
  }

  @Test
  void endsAfterTheRoundInWhichItIsStopped() {
    WarmUp warmUp =
        warmUp(
            () -> {
              made.stop();
              return Duration.ofMillis(1);
            });

    warmUp.begin().run();

    assertThat(rounds).isOne();
    assertThat(done).containsExactly("closed");
  }

  @Test
  void goesOnInAPartOfTheTimeOnceReady() {
    List<Boolean> over = new ArrayList<>();
    WarmUp warmUp =
        warmUp(
            afterwards(100, TIME),
            () -> {
              over.add(made.over());
              return Duration.ofMillis(2);
            });
    long before = now;

    warmUp.begin().run();

    assertThat(over.subList(0, 10)).containsOnly(false);
    assertThat(over.subList(10, over.size())).hasSize(100).containsOnly(true);
    assertThat(Duration.ofNanos(now - before)).isEqualTo(Duration.ofMillis(10 * 2 + 100 * 10));
    assertThat(warmUp.seconds()).isEqualTo(0.02);
  }

  /** Returns whether the warm-up was complete before each round. */
  private List<Boolean> complete(WarmUp.Bounds bounds, Duration round) {
    List<Boolean> complete = new ArrayList<>();
    WarmUp warmUp =
        warmUp(
            bounds,
            () -> {
              complete.add(made.complete());
              return round;
            });
    warmUp.begin().run();
    return complete;
  }

  @Test
  void isCompleteOnceItHasRunAsManyRoundsAsAreWaitedForWhereCoresAreFree() {
    List<Boolean> complete = complete(afterwards(20, TIME), Duration.ofMillis(500));

    // Seven rounds begin within three seconds; the eighth to the tenth come afterwards.
    assertThat(complete).hasSize(7 + 20);
    assertThat(complete.indexOf(true)).isEqualTo(10);
  }

  @Test
  void isCompleteWhereThereIsNothingToGain() {
    var bounds = new WarmUp.Bounds(2_000, Duration.ofSeconds(3), Duration.ofSeconds(4), 1, TIME, 4);

    List<Boolean> complete = complete(bounds, Duration.ofMillis(1));

    assertThat(complete).hasSize(451);
    assertThat(complete.indexOf(true)).isEqualTo(450);
  }

  @Test
  void isCompleteWhenItsTimeIsOverThoughARoundStillGoesOn() {
    List<Boolean> complete = new ArrayList<>();
    WarmUp warmUp =
        warmUp(
            afterwards(20, TIME),
            () -> {
              complete.add(made.complete());
              now += TIME.plusMillis(1).toNanos();
              complete.add(made.complete());
              return Duration.ZERO;
            });

    warmUp.begin().run();

    assertThat(complete).containsExactly(false, true);
  }

  @Test
  void triesAgainToPrepareOnceReady() {
    AtomicInteger prepared = new AtomicInteger();
    WarmUp warmUp =
        new WarmUp(
            () -> {
              if (prepared.incrementAndGet() < 3) {
                throw new TimeoutException("cores are busy");
              }
              return new Counted(() -> Duration.ofMillis(1));
            },
            afterwards(20, TIME),
            () -> now,
            nanos -> now += nanos);

    warmUp.begin().run();

    assertThat(prepared).hasValue(3);
    assertThat(rounds).isEqualTo(20);
    assertThat(warmUp.seconds()).isZero();
  }

  @Test
  void isCompleteWhereItHasFailed() {
    WarmUp warmUp = warmUp(WarmUpTest::brokenRound);

    assertThat(warmUp.complete()).isFalse();
    warmUp.begin().run();

    assertThat(warmUp.complete()).isTrue();
  }

  @Test
  void goesOnOnceReadyWhereARoundFailsUntilThreeInARowHave() {
    WarmUp warmUp =
        warmUp(
            afterwards(100, TIME),
            () -> {
              if (rounds == 12 || rounds == 13 || rounds > 20) {
                throw new IllegalStateException("broken on purpose");
              }
              return Duration.ofMillis(1);
            });

    warmUp.begin().run();

    assertThat(rounds).isEqualTo(23);
    assertThat(done).containsExactly("closed");
  }

  private static Duration brokenRound() {
    throw new IllegalStateException("broken on purpose");
  }

  @Test
  void goesOnForNoLongerThanItsBound() {
    warmUp(afterwards(3_000, Duration.ofSeconds(60)), () -> Duration.ofMillis(100)).begin().run();

    // A round and a pause take 350 ms; four times the round would be 500.
    assertThat(rounds).isEqualTo(10 + 169);
  }

  @Test
  void endsAlsoOnceReadyAfterTheRoundInWhichItIsStopped() {
    WarmUp warmUp =
        warmUp(
            afterwards(3_000, TIME),
            () -> {
              if (rounds == 15) {
                made.stop();
                throw new IllegalStateException("what it uses is gone");
              }
              return Duration.ofMillis(1);
            });

    warmUp.begin().run();

    assertThat(rounds).isEqualTo(15);
    assertThat(done).containsExactly("closed");
  }
}
