package io.claviger.edge.upstream;

import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.UpstreamResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one logged-in connection to some broker: connects again when it ends, replaces it when it
 * is old. Used on the upstream's context only.
 */
final class BrokerLink {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

  /** What a link needs of what is around it. */
  interface Surroundings {
    /** Brokers that may be chosen now: not the one that the other link has. */
    Future<Set<BrokerAddress>> candidates(BrokerLink link);

    /** A connection was made, or another one has taken its place. */
    void changed();

    /** A connection was lost, and what its broker would have pushed. */
    void lost(BrokerLink link);
  }

  private record Established(BrokerConnection connection, BrokerSession session, String broker) {}

  private final Vertx vertx;
  private final BrokerConnector connector;
  private final EdgeToken token;
  private final BrokerPushes pushes;
  private final HeldReport held;
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
      EdgeToken token,
      BrokerPushes pushes,
      HeldReport held,
      Surroundings surroundings,
      Duration maxAge,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.connector = connector;
    this.token = token;
    this.pushes = pushes;
    this.held = held;
    this.surroundings = surroundings;
    this.maxAge = maxAge;
    this.random = random;
    this.meters = meters;
    this.backoff = new Backoff(random);
  }

  /** Connects, now and again; what is live meanwhile stays until it can be replaced. */
  void connect() {
    if (stopped || connecting) {
      return;
    }
    connecting = true;
    surroundings
        .candidates(this)
        .compose(this::choose)
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

  private Future<BrokerAddress> choose(Set<BrokerAddress> candidates) {
    if (candidates.isEmpty()) {
      return Future.failedFuture(new NoOtherBroker());
    }
    List<BrokerAddress> all = new ArrayList<>(candidates);
    BrokerAddress chosen = all.get((int) (random.getAsDouble() * all.size()));
    trying = chosen;
    return Future.succeededFuture(chosen);
  }

  private Future<Established> open(BrokerAddress address) {
    return connector
        .connect(address)
        .compose(
            connection -> {
              HeldSync sync = new HeldSync(connection, held, meters, System::nanoTime);
              BrokerSession session = new BrokerSession(connection, token, pushes, sync);
              return session
                  .begin()
                  .onFailure(failure -> connection.close())
                  .map(reply -> new Established(connection, session, reply.broker()));
            });
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
      old.connection().drain();
    }
    long age = (long) (maxAge.toMillis() * (0.9 + random.getAsDouble() / 5));
    long timer = vertx.setTimer(Math.max(1, age), id -> connect());
    connection
        .ended()
        .onComplete(
            ended -> {
              vertx.cancelTimer(timer);
              lost(established);
            });
    surroundings.changed();
  }

  private void lost(Established established) {
    if (established.equals(live)) {
      live = null;
      if (!stopped) {
        meters.lost();
        LOG.atWarn()
            .addKeyValue("broker", established.broker())
            .addKeyValue("address", established.connection().address())
            .log("connection to a broker lost");
        later();
        surroundings.lost(this);
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
      (backoff.failing() ? LOG.atDebug() : LOG.atWarn())
          .addKeyValue("reason", cause.getMessage())
          .log("a broker cannot be connected to, trying on");
    }
    later();
  }

  private void later() {
    vertx.setTimer(Math.max(1, backoff.pause().toMillis()), timer -> connect());
  }

  /** The connection, if it may be used for new requests. */
  @Nullable BrokerConnection usable() {
    return live != null && live.connection().open() ? live.connection() : null;
  }

  /** The broker that this link has, or is about to have. */
  @Nullable BrokerAddress taken() {
    return trying != null ? trying : live == null ? null : live.connection().address();
  }

  void renewLogin() {
    if (live != null) {
      live.session().renew();
    }
  }

  /** Tells the broker what it does not know is held here. */
  void tellNew() {
    if (live != null) {
      live.session().sync().turn();
    }
  }

  /** Tells the broker everything that is held here. */
  void tellAll() {
    if (live != null) {
      live.session().sync().all();
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

  private static final class NoOtherBroker extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoOtherBroker() {
      super("there is no other broker", null, false, false);
    }
  }
}
