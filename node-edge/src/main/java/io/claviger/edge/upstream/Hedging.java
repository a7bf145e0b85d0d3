package io.claviger.edge.upstream;

import io.claviger.config.load.HedgePolicy;
import io.claviger.config.load.LoopLag;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.Meters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * When a second broker is asked what the first one was asked already: when that gives no sign of
 * life at all, and as often as the answers allow that were had. Who answers pings is working, and
 * twice the work would make it slower. Used on the upstream's context only, except where it says
 * so.
 */
public final class Hedging {

  /** A timer that is later than this says that nothing was heard because nobody listened. */
  static final Duration LATE = Duration.ofMillis(50);

  private static final double HEDGES_PER_ANSWER = 0.03;
  private static final int HEDGES_AT_ONCE = 16;

  private final Vertx vertx;
  private final HedgePolicy policy;
  private final Supplier<Duration> lag;
  private final Duration proof;
  private final LongSupplier nanoTime;
  private final EdgeMeters meters;

  /**
   * Watches nobody yet.
   *
   * @param policy how long a broker may be silent, and how often another one is asked for that
   * @param lag how late this edge itself is
   * @param proof a broker that is silent for so much longer, after another ping, is suspected: all
   *     that it was asked is asked of the other one, whatever the policy says
   */
  Hedging(
      Vertx vertx,
      HedgePolicy policy,
      Supplier<Duration> lag,
      Duration proof,
      LongSupplier nanoTime,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.policy = policy;
    this.lag = lag;
    this.proof = proof;
    this.nanoTime = nanoTime;
    this.meters = meters;
  }

  /**
   * As edges do it. A broker that stops is found out after twice {@code hedgeAfter} at the latest,
   * in time for a pod that waits for 900 ms.
   *
   * @param context the upstream's
   * @param hedgeAfter silence of a broker that is usually quick; up to half as much again where
   *     signs of life take longer
   */
  public static Hedging of(Vertx vertx, Context context, Duration hedgeAfter, EdgeMeters meters) {
    LoopLag lag = LoopLag.of(vertx, context);
    Duration half = hedgeAfter.dividedBy(2);
    return new Hedging(
        vertx,
        new HedgePolicy(hedgeAfter, hedgeAfter.plus(half), HEDGES_PER_ANSWER, HEDGES_AT_ONCE),
        lag::recent,
        half,
        System::nanoTime,
        meters);
  }

  /** The clock that silence is measured by. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** A broker has answered what it was asked. */
  void answered(BrokerConnection broker) {
    policy.answered(broker.life().roundTrip());
  }

  /**
   * Watches a broker that is asked something in this turn, until it is cancelled.
   *
   * @param another whether there is another broker to ask
   * @param ask asks it
   */
  Watch watch(BrokerConnection broker, BooleanSupplier another, Runnable ask) {
    Watch watch = new Watch(broker, another, ask);
    watch.look(delay());
    return watch;
  }

  private Duration delay() {
    return policy.delay().plus(lag.get());
  }

  /** Of one request to one broker. */
  final class Watch {
    private final BrokerConnection broker;
    private final BooleanSupplier another;
    private final Runnable ask;
    private long heard;
    private long due;
    private long timer;

    private Watch(BrokerConnection broker, BooleanSupplier another, Runnable ask) {
      this.broker = broker;
      this.another = another;
      this.ask = ask;
      this.heard = broker.life().count();
    }

    private void look(Duration after) {
      due = nanoTime.getAsLong() + after.toNanos();
      timer = vertx.setTimer(Math.max(1, after.toMillis()), id -> look());
    }

    private void look() {
      if (nanoTime.getAsLong() - due > LATE.toNanos()) {
        // What came meanwhile is read first.
        look(LATE.plus(lag.get()));
      } else if (broker.life().count() > heard) {
        heard = broker.life().count();
        broker.life().ping();
        look(delay());
      } else {
        silent();
      }
    }

    private void silent() {
      broker.life().probe(proof);
      if (another.getAsBoolean() && taken()) {
        ask.run();
      } else {
        look(delay());
      }
    }

    private boolean taken() {
      boolean taken = policy.take();
      if (taken) {
        meters.count(Meters.HEDGES);
      } else {
        meters.count(Meters.HEDGES_DENIED);
      }
      return taken;
    }

    void cancel() {
      vertx.cancelTimer(timer);
    }
  }
}
