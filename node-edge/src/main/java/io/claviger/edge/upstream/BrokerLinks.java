package io.claviger.edge.upstream;

import io.claviger.edge.telemetry.EdgeMeters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the two different brokers that rank highest for this node. One of them is
 * preferred until it ends or falls silent. This edge reports its cache to both, so each pushes the
 * changes that concern it, even if the other one fails. Used on the upstream's context, except
 * where noted.
 */
public final class BrokerLinks implements BrokerLink.Surroundings {

  private static final int LINKS = 2;

  /** A second move, or a second address after a failed one, comes sooner by this factor. */
  private static final int MOVING = 5;

  private static final Duration TOKEN_CHECK = Duration.ofSeconds(30);

  /** Short, because only the broker that freezes may have had a report of the newest entries. */
  private static final Duration REPORT_NEW = Duration.ofMillis(100);

  private static final Duration KEY_SET_CHECK = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Context context;
  private final BrokerDirectory directory;
  private final BrokerConnector connector;
  private final BrokerRanking ranking;
  private final Duration rebalanceEvery;
  private final DoubleSupplier random;
  private final List<BrokerLink> links;
  private boolean stopped;
  private @Nullable BrokerConnection preferred;
  private volatile int connections;
  private volatile boolean everLoggedIn;

  /**
   * Connects to no broker until {@link #start()}.
   *
   * @param context on which everything upstream runs
   * @param pushes handles brokers' pushes
   * @param cache the source of reports to brokers
   * @param random between 0 and 1: jitter, and the choice among brokers when all have failed
   */
  public BrokerLinks(
      Vertx vertx,
      Context context,
      UpstreamOptions options,
      BrokerPushes pushes,
      CacheReport cache,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.context = context;
    this.directory = new BrokerDirectory(vertx, options.brokers());
    this.connector = new BrokerConnector(vertx, options.authorities(), options.maxPending());
    this.ranking =
        new BrokerRanking(options.node(), options.rebalanceEvery(), System::nanoTime, random);
    this.rebalanceEvery = options.rebalanceEvery();
    this.random = random;
    EdgeToken token = new EdgeToken(vertx, options.tokenFile());
    BrokerLink.Sessions sessions =
        (connection, beside) ->
            new BrokerSession(
                connection,
                token,
                pushes,
                new CacheSync(connection, cache, meters, System::nanoTime, beside));
    this.links =
        Stream.generate(
                () ->
                    new BrokerLink(
                        vertx,
                        connector,
                        sessions,
                        this,
                        options.maxConnectionAge(),
                        random,
                        meters))
            .limit(LINKS)
            .toList();
  }

  /** Begins to connect and retries without end. From any thread. */
  public void start() {
    context.runOnContext(
        nothing -> {
          links.forEach(BrokerLink::connect);
          rebalanceLater(rebalanceEvery);
          vertx.setPeriodic(REPORT_NEW.toMillis(), timer -> syncs(links).forEach(CacheSync::turn));
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
          this.stopped = true;
          // Links first: a connection that ends because they stop does not count as lost.
          links.forEach(BrokerLink::stop);
          connector.close().onComplete(stopped);
        });
    return stopped.future();
  }

  /** Whether this edge has ever logged in at a broker. From any thread. */
  public boolean everLoggedIn() {
    return everLoggedIn;
  }

  /** Returns how many brokers this edge is logged in at. From any thread. */
  public int connections() {
    return connections;
  }

  @Override
  public Future<BrokerAddress> choose(BrokerLink asking) {
    return directory
        .resolve()
        .compose(
            there ->
                ranking
                    .choose(there, brokers(others(asking)), trying(others(asking)))
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(new BrokerLink.NoOtherBroker())));
  }

  private List<BrokerLink> others(BrokerLink than) {
    return links.stream().filter(link -> link != than).toList();
  }

  private static Set<String> brokers(List<BrokerLink> links) {
    return connected(links).stream()
        .map(BrokerRanking.Connected::broker)
        .collect(Collectors.toSet());
  }

  private static List<BrokerRanking.Connected> connected(List<BrokerLink> links) {
    return links.stream().flatMap(link -> Stream.ofNullable(link.connected())).toList();
  }

  private static Set<BrokerAddress> trying(List<BrokerLink> links) {
    return links.stream()
        .flatMap(link -> Stream.ofNullable(link.trying()))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean mayHave(BrokerLink asking, BrokerAddress address, String broker) {
    ranking.learned(address, broker);
    return !brokers(others(asking)).contains(broker);
  }

  @Override
  public void failed(BrokerAddress address) {
    ranking.failed(address);
  }

  @Override
  public void changed() {
    connections = (int) links.stream().filter(link -> link.usable() != null).count();
    everLoggedIn |= connections > 0;
    choose();
  }

  @Override
  public List<CacheSync> syncsBeside(BrokerLink link) {
    return syncs(others(link));
  }

  private static List<CacheSync> syncs(List<BrokerLink> links) {
    return links.stream().flatMap(link -> Stream.ofNullable(link.sync())).toList();
  }

  @Override
  public void lost(BrokerLink lost, BrokerRanking.Connected connected) {
    ranking.lost(connected);
    syncs(others(lost)).forEach(CacheSync::all);
  }

  private void rebalanceLater(Duration about) {
    vertx.setTimer(
        Math.max(1, (long) (about.toMillis() * (0.75 + random.getAsDouble() / 2))),
        timer -> rebalance());
  }

  /**
   * Moves one link if a broker ranks higher. The edges check at different times, which bounds how
   * many move at once.
   */
  private void rebalance() {
    if (stopped) {
      return;
    }
    directory
        .resolve()
        .map(this::move)
        .onComplete(
            moving ->
                rebalanceLater(
                    Boolean.TRUE.equals(moving.result())
                        ? rebalanceEvery.dividedBy(MOVING)
                        : rebalanceEvery));
  }

  private boolean move(Set<BrokerAddress> there) {
    List<BrokerRanking.Connected> connected = connected(links);
    if (connected.size() < links.size() || links.stream().anyMatch(BrokerLink::connecting)) {
      return false;
    }
    Optional<BrokerRanking.Move> move = ranking.move(there, connected);
    move.ifPresentOrElse(
        found ->
            links.stream()
                .filter(link -> found.from().equals(link.connected()))
                .findFirst()
                .ifPresent(link -> link.moveTo(found.to())),
        this::preferBest);
    return move.isPresent();
  }

  /** Spreads requests over brokers again, and not only connections. */
  private void preferBest() {
    Map<BrokerAddress, BrokerConnection> sound =
        usable()
            .filter(connection -> !connection.suspect())
            .collect(
                Collectors.toMap(BrokerConnection::address, connection -> connection, (a, b) -> a));
    if (!sound.isEmpty()) {
      preferred = sound.get(ranking.ranked(sound.keySet()).getFirst());
    }
  }

  /** Returns the next connection to try, given those tried already; absent if there is none. */
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
