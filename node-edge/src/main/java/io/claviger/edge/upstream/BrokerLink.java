package io.claviger.edge.upstream;

import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.UpstreamResult;
import io.claviger.edge.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one logged-in connection to some broker: connects again when it ends, replaces it when it
 * is old. Used on the upstream's context only.
 */
final class BrokerLink {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

  private static final Duration REPLACE_AGAIN = Duration.ofSeconds(5);

  /** What a link needs of what is around it. */
  interface Surroundings {
    /** Where a link connects to now; fails with {@link NoOtherBroker} when there is no such. */
    Future<BrokerAddress> choose(BrokerLink link);

    /** A broker said its name at an address: whether this link may have it and no other does. */
    boolean mayHave(BrokerLink link, BrokerAddress address, String broker);

    /** A broker could not be connected to, or did not let this edge in. */
    void failed(BrokerAddress address);

    /** A connection was made, or another one has taken its place. */
    void changed();

    /** What the brokers of other links are told. */
    List<CacheSync> syncsBeside(BrokerLink link);

    /** A connection was lost, and what its broker would have pushed. */
    void lost(BrokerLink link, BrokerRanking.Connected connected);
  }

  /** Begins a session on a connection that was just made. */
  @FunctionalInterface
  interface Sessions {
    /** A session that has not logged in; the syncs are those of the other links. */
    BrokerSession on(BrokerConnection connection, Supplier<List<CacheSync>> beside);
  }

  private record Established(BrokerConnection connection, BrokerSession session, String broker) {
    BrokerRanking.Connected connected() {
      return new BrokerRanking.Connected(connection.address(), broker);
    }
  }

  private final Vertx vertx;
  private final BrokerConnector connector;
  private final Sessions sessions;
  private final Surroundings surroundings;
  private final Duration maxAge;
  private final DoubleSupplier random;
  private final EdgeMeters meters;
  private final Backoff backoff;
  private @Nullable Established live;
  private @Nullable BrokerAddress trying;
  private boolean connecting;
  private boolean stopped;

  BrokerLink(
      Vertx vertx,
      BrokerConnector connector,
      Sessions sessions,
      Surroundings surroundings,
      Duration maxAge,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.connector = connector;
    this.sessions = sessions;
    this.surroundings = surroundings;
    this.maxAge = maxAge;
    this.random = random;
    this.meters = meters;
    this.backoff = new Backoff(random);
  }

  /** Connects, now and again; what is live meanwhile stays until it can be replaced. */
  void connect() {
    attempt(() -> surroundings.choose(this));
  }

  /** Replaces what is live by a connection to somewhere else, if that can be opened. */
  void moveTo(BrokerAddress address) {
    attempt(() -> Future.succeededFuture(address));
  }

  /** Whether a connection is being opened. */
  boolean connecting() {
    return connecting;
  }

  private void attempt(Supplier<Future<BrokerAddress>> where) {
    if (stopped || connecting) {
      return;
    }
    connecting = true;
    where
        .get()
        .compose(this::open)
        .onComplete(
            established -> {
              connecting = false;
              trying = null;
              if (established.succeeded()) {
                use(established.result());
              } else {
                failed(established.cause());
              }
            });
  }

  private Future<Established> open(BrokerAddress address) {
    trying = address;
    return connector
        .connect(address)
        .compose(this::begin)
        .onFailure(
            failure -> {
              if (!(failure instanceof NoOtherBroker)) {
                surroundings.failed(address);
              }
            });
  }

  private Future<Established> begin(BrokerConnection connection) {
    BrokerSession session = sessions.on(connection, () -> surroundings.syncsBeside(this));
    return session
        .login()
        .compose(
            reply -> wanted(connection, reply.broker()).compose(broker -> session.begin(reply)))
        // Again: the other link may have got there meanwhile.
        .compose(reply -> wanted(connection, reply.broker()))
        .onFailure(failure -> connection.close())
        .map(broker -> new Established(connection, session, broker));
  }

  private Future<String> wanted(BrokerConnection connection, String broker) {
    return surroundings.mayHave(this, connection.address(), broker)
        ? Future.succeededFuture(broker)
        : Future.failedFuture(new NoOtherBroker());
  }

  private void use(Established established) {
    BrokerConnection connection = established.connection();
    if (stopped) {
      connection.close();
      return;
    }
    Established old = live;
    live = established;
    backoff.reset();
    meters.connect(UpstreamResult.OK);
    LOG.atInfo()
        .addKeyValue("broker", established.broker())
        .addKeyValue("address", connection.address())
        .log("logged in at a broker");
    if (old != null) {
      if (!old.broker().equals(established.broker())) {
        meters.count(Meters.REBALANCES);
      }
      old.connection().drain();
    }
    long age = (long) (maxAge.toMillis() * (0.9 + random.getAsDouble() / 5));
    long timer = vertx.setTimer(Math.max(1, age), id -> replace(established));
    connection
        .ended()
        .onComplete(
            ended -> {
              vertx.cancelTimer(timer);
              lost(established);
            });
    surroundings.changed();
  }

  private void replace(Established old) {
    if (!stopped && old.equals(live)) {
      connect();
      // Again if what is being opened comes to nothing.
      vertx.setTimer(REPLACE_AGAIN.toMillis(), timer -> replace(old));
    }
  }

  private void lost(Established established) {
    if (established.equals(live)) {
      live = null;
      if (!stopped) {
        meters.count(Meters.LOST);
        LOG.atWarn()
            .addKeyValue("broker", established.broker())
            .addKeyValue("address", established.connection().address())
            .log("connection to a broker lost");
        later();
        surroundings.lost(this, established.connected());
      }
    }
    surroundings.changed();
  }

  private void failed(Throwable cause) {
    if (stopped) {
      return;
    }
    if (!(cause instanceof NoOtherBroker)) {
      meters.connect(UpstreamResult.FAILED);
      // Where there is a connection it is a better one that cannot be had.
      (live != null || backoff.failing() ? LOG.atDebug() : LOG.atWarn())
          .addKeyValue("reason", cause.getMessage())
          .log("a broker cannot be connected to, trying on");
    }
    if (live == null) {
      later();
    }
  }

  private void later() {
    vertx.setTimer(
        Math.max(1, backoff.pause().toMillis()),
        timer -> {
          // A move that was under way may have brought a connection.
          if (live == null) {
            connect();
          }
        });
  }

  /** The connection, if it may be used for new requests. */
  @Nullable BrokerConnection usable() {
    return live != null && live.connection().open() ? live.connection() : null;
  }

  /** What the broker of this link is told; absent while it is not connected. */
  @Nullable CacheSync sync() {
    return live == null ? null : live.session().sync();
  }

  /** What this link has; absent while it is not connected. */
  BrokerRanking.@Nullable Connected connected() {
    return live == null ? null : live.connected();
  }

  /** What this link is connecting to. */
  @Nullable BrokerAddress trying() {
    return trying;
  }

  void renewLogin() {
    if (live != null) {
      live.session().renew();
    }
  }

  void fetchKeys() {
    if (live != null) {
      live.session().fetchKeys();
    }
  }

  void stop() {
    stopped = true;
    if (live != null) {
      live.connection().close();
    }
  }

  /** There is none, or it is one that the other link has. */
  static final class NoOtherBroker extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoOtherBroker() {
      super("there is no other broker", null, false, false);
    }
  }
}
