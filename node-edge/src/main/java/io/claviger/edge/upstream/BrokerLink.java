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
 * Keeps one logged-in connection to a broker: reconnects when it ends, and replaces it when it is
 * old. Used on the upstream's context only.
 */
final class BrokerLink {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

  private static final Duration REPLACE_AGAIN = Duration.ofSeconds(5);

  /** What a link needs from its owner. */
  interface Surroundings {
    /** Returns the address to connect to now; fails with {@link NoOtherBroker} if there is none. */
    Future<BrokerAddress> choose(BrokerLink link);

    /**
     * Records the name of the broker at an address; returns whether no other link has this broker.
     */
    boolean mayHave(BrokerLink link, BrokerAddress address, String broker);

    /** Records a failed connect or a rejected login. */
    void failed(BrokerAddress address);

    /** Records that a connection was made or replaced. */
    void changed();

    /** Returns the reports to the brokers of the other links. */
    List<CacheSync> syncsBeside(BrokerLink link);

    /** Records that a connection was lost, and with it the pushes of its broker. */
    void lost(BrokerLink link, BrokerRanking.Connected connected);
  }

  /** Begins a session on a new connection. */
  @FunctionalInterface
  interface Sessions {
    /** Returns a session before its login; the syncs are those of the other links. */
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

  /** Connects; the current connection stays until the new one replaces it. */
  void connect() {
    attempt(() -> surroundings.choose(this));
  }

  /** Replaces the current connection by one to this address, if it can be opened. */
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
        // Again: the other link may have connected to this broker meanwhile.
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
      // Retries if the new connection cannot be opened.
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
      // With a connection, only the attempt to get a better one has failed.
      (live != null || backoff.failing() ? LOG.atDebug() : LOG.atWarn())
          .addKeyValue("reason", cause.getMessage())
          .log("cannot connect to a broker, will retry");
    }
    if (live == null) {
      later();
    }
  }

  private void later() {
    vertx.setTimer(
        Math.max(1, backoff.pause().toMillis()),
        timer -> {
          // A move that was under way may have opened a connection.
          if (live == null) {
            connect();
          }
        });
  }

  /** Returns the connection, if it may be used for new requests. */
  @Nullable BrokerConnection usable() {
    return live != null && live.connection().open() ? live.connection() : null;
  }

  /** Returns the report to this link's broker; absent while it is not connected. */
  @Nullable CacheSync sync() {
    return live == null ? null : live.session().sync();
  }

  /** Returns this link's connection; absent while there is none. */
  BrokerRanking.@Nullable Connected connected() {
    return live == null ? null : live.connected();
  }

  /** Returns the address that this link is connecting to. */
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

  /** There is no other broker, or the other link has it. */
  static final class NoOtherBroker extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoOtherBroker() {
      super("there is no other broker", null, false, false);
    }
  }
}
