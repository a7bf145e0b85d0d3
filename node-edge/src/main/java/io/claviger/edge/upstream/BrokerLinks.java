package io.claviger.edge.upstream;

import io.claviger.edge.telemetry.EdgeMeters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Connections to two different brokers, of which one is preferred until it ends or falls silent.
 * Both are told what this edge holds, so that each pushes what concerns it, whatever becomes of the
 * other. Used on the upstream's context, except where it says so.
 */
public final class BrokerLinks implements BrokerLink.Surroundings {

  private static final int LINKS = 2;
  private static final Duration TOKEN_CHECK = Duration.ofSeconds(30);

  /** A broker that freezes may have been the only one to know of what was held since. */
  private static final Duration TELL_NEW = Duration.ofMillis(100);

  private static final Duration KEY_SET_CHECK = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Context context;
  private final BrokerDirectory directory;
  private final BrokerConnector connector;
  private final List<BrokerLink> links;
  private @Nullable BrokerConnection preferred;
  private volatile int connections;
  private volatile boolean everLoggedIn;

  /**
   * Connects to nobody until {@link #start()}.
   *
   * @param context where everything upstream happens
   * @param pushes told what brokers say unasked
   * @param held what brokers are told
   * @param random between 0 and 1: which broker, and jitter
   */
  public BrokerLinks(
      Vertx vertx,
      Context context,
      UpstreamOptions options,
      BrokerPushes pushes,
      HeldReport held,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.context = context;
    this.directory = new BrokerDirectory(vertx, options.brokers());
    this.connector = new BrokerConnector(vertx, options.authorities(), options.maxPending());
    EdgeToken token = new EdgeToken(vertx, options.tokenFile());
    this.links =
        Stream.generate(
                () ->
                    new BrokerLink(
                        vertx,
                        connector,
                        token,
                        pushes,
                        held,
                        this,
                        options.maxConnectionAge(),
                        random,
                        meters))
            .limit(LINKS)
            .toList();
  }

  /** Starts to connect, and does not stop trying. From any thread. */
  public void start() {
    context.runOnContext(
        nothing -> {
          links.forEach(BrokerLink::connect);
          vertx.setPeriodic(TELL_NEW.toMillis(), timer -> links.forEach(BrokerLink::tellNew));
          vertx.setPeriodic(TOKEN_CHECK.toMillis(), timer -> links.forEach(BrokerLink::renewLogin));
          vertx.setPeriodic(
              KEY_SET_CHECK.toMillis(), timer -> links.forEach(BrokerLink::fetchKeys));
        });
  }

  /** Ends all connections. From any thread. */
  public Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(
        nothing -> {
          // Links first: a connection that ends because they stop is not a lost one.
          links.forEach(BrokerLink::stop);
          connector.close().onComplete(stopped);
        });
    return stopped.future();
  }

  /** Whether a broker has ever let this edge in. From any thread. */
  public boolean everLoggedIn() {
    return everLoggedIn;
  }

  /** How many brokers this edge is logged in at. From any thread. */
  public int connections() {
    return connections;
  }

  @Override
  public Future<Set<BrokerAddress>> candidates(BrokerLink asking) {
    return directory
        .resolve()
        .map(
            all -> {
              Set<BrokerAddress> free = new HashSet<>(all);
              for (BrokerLink link : links) {
                if (link != asking && link.taken() != null) {
                  free.remove(link.taken());
                }
              }
              return free;
            });
  }

  @Override
  public void changed() {
    connections = (int) links.stream().filter(link -> link.usable() != null).count();
    everLoggedIn |= connections > 0;
    choose();
  }

  @Override
  public void lost(BrokerLink lost) {
    links.stream().filter(link -> link != lost).forEach(BrokerLink::tellAll);
  }

  /** The connection to ask next, given those that were asked already; absent when there is none. */
  @Nullable BrokerConnection next(Set<BrokerConnection> asked) {
    choose();
    if (preferred != null && !asked.contains(preferred)) {
      return preferred;
    }
    return usable().filter(connection -> !asked.contains(connection)).findFirst().orElse(null);
  }

  private void choose() {
    BrokerConnection current = preferred;
    if (current != null && current.open() && !current.suspect()) {
      return;
    }
    BrokerConnection better =
        usable().filter(connection -> !connection.suspect()).findFirst().orElse(null);
    if (better == null && current != null && current.open()) {
      return;
    }
    preferred = better != null ? better : usable().findFirst().orElse(null);
  }

  private Stream<BrokerConnection> usable() {
    return links.stream()
        .map(BrokerLink::usable)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull);
  }
}
