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
 * When a request is sent to a second broker too: if the first one gives no sign of life at all, and
 * as often as previous answers allow. A broker that answers pings is working, and a second request
 * would only slow the brokers down. Used on the upstream's context only, except where noted.
 */
public final class Hedging {

  /**
   * A timer later than this means that this edge itself was late, not that the broker was silent.
   */
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
   * Watches no broker yet.
   *
   * @param policy how long a broker may be silent, and how many second requests are allowed
   * @param lag how late this edge itself is
   * @param proof a broker that stays silent this much longer, after another ping, is suspected: all
   *     its requests are sent to the other one, whatever the policy allows
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
   * Returns the hedging of an edge. It detects a stopped broker after twice {@code hedgeAfter} at
   * the latest, in time for a pod that waits for 900 ms.
   *
   * @param context the upstream's
   * @param hedgeAfter tolerated silence of a broker that usually answers quickly; up to half as
   *     much again if signs of life take longer
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

  /** Returns the time by the clock that measures silence. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Records a broker's answer. */
  void answered(BrokerConnection broker) {
    policy.answered(broker.life().roundTrip());
  }

  /**
   * Watches a broker that gets a request in this turn, until the watch is cancelled.
   *
   * @param another whether there is another broker to try
   * @param ask sends the request to it
   */
  Watch watch(BrokerConnection broker, BooleanSupplier another, Runnable ask) {
    Watch watch = new Watch(broker, another, ask);
    watch.look(delay());
    return watch;
  }

  private Duration delay() {
    return policy.delay().plus(lag.get());
  }

  /** The watch of one request to one broker. */
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
        // Reads first what arrived meanwhile.
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
