package io.claviger.config.load;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a listener that any client can reach. Their number is bounded, and no
 * source can keep the others out. Thread-safe.
 *
 * <p>Once there are many, each new connection closes the oldest one of the busiest source. If one
 * source has many unverified connections, it loses one of these; otherwise the source with many
 * verified ones does. While there are few, many clients behind a masquerading router may share an
 * address.
 *
 * <p>If the oldest one has not had its time yet, the newest one of that source is closed instead.
 * If no source has more than the new connection's own, the new one is closed. Without this rule, of
 * many that arrive at once, each would be closed for the next and none would finish.
 *
 * @param <C> a connection, by identity or equality
 */
public final class OpenConnections<C> {

  /** A source with more than this part of {@code many} is busy. */
  private static final int BUSY = 8;

  private final int many;
  private final int most;
  private final Predicate<C> hadItsTime;
  private final Map<C, Long> unverified = new ConcurrentHashMap<>();
  private final Map<C, String> sources = new HashMap<>();
  private final Map<String, LinkedHashSet<C>> unverifiedBySource = new HashMap<>();
  private final Map<String, LinkedHashSet<C>> verifiedBySource = new HashMap<>();
  private long arrivals;

  /**
   * Starts with no connection.
   *
   * @param many from this number on, a busy source loses connections
   * @param most the limit
   */
  public OpenConnections(int many, int most) {
    this(many, most, any -> true);
  }

  /**
   * Starts with no connection.
   *
   * @param hadItsTime whether an unverified connection may be closed for another; called on any
   *     thread
   */
  public OpenConnections(int many, int most, Predicate<C> hadItsTime) {
    this.many = many;
    this.most = most;
    this.hadItsTime = hadItsTime;
  }

  /**
   * Returns the source of an address: an IPv4 address, or the /64 network of an IPv6 address,
   * because a host may use all of that.
   */
  public static String source(InetAddress address) {
    byte[] bytes = address.getAddress();
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 8));
  }

  /**
   * Returns the source of a connection's remote address. All connections without an address, such
   * as those that have ended, count as one source.
   */
  public static String source(@Nullable SocketAddress remote) {
    if (remote == null) {
      return "";
    }
    try {
      // A numeric address needs no lookup.
      return source(InetAddress.getByName(remote.hostAddress()));
    } catch (UnknownHostException e) {
      return "";
    }
  }

  /**
   * Adds a connection.
   *
   * @param source where it comes from: {@link #source}
   * @return the connection to close for it, perhaps itself; null if there is room
   */
  public synchronized @Nullable C opened(C connection, String source) {
    sources.put(connection, source);
    unverified.put(connection, arrivals++);
    add(unverifiedBySource, connection, source);
    if (sources.size() <= many) {
      return null;
    }
    Optional<LinkedHashSet<C>> busiest =
        busiest(unverifiedBySource, many / BUSY).or(() -> busiest(verifiedBySource, many / BUSY));
    if (busiest.isEmpty() && sources.size() > most) {
      busiest = busiest(unverifiedBySource, 0);
    }
    C goes = busiest.map(of -> goes(of, connection, source)).orElse(null);
    if (goes != null) {
      closed(goes);
    }
    return goes;
  }

  private C goes(LinkedHashSet<C> ofTheBusiest, C connection, String source) {
    C oldest = ofTheBusiest.getFirst();
    if (!unverified.containsKey(oldest) || hadItsTime.test(oldest)) {
      return oldest;
    }
    int own = Objects.requireNonNull(unverifiedBySource.get(source)).size();
    return ofTheBusiest.size() > own ? ofTheBusiest.getLast() : connection;
  }

  /** Of two equally busy sources, returns the one whose connection came first. */
  private Optional<LinkedHashSet<C>> busiest(Map<String, LinkedHashSet<C>> bySource, int more) {
    return bySource.values().stream()
        .filter(connections -> connections.size() > more)
        .max(
            Comparator.<LinkedHashSet<C>>comparingInt(LinkedHashSet::size)
                .thenComparing(
                    connections -> unverified.getOrDefault(connections.getFirst(), 0L),
                    Comparator.reverseOrder()));
  }

  /** Marks a connection as verified. Does nothing, and takes no lock, if it already is. */
  public void verified(C connection) {
    if (unverified.containsKey(connection)) {
      becomeVerified(connection);
    }
  }

  private synchronized void becomeVerified(C connection) {
    String source = sources.get(connection);
    if (source != null && unverified.remove(connection) != null) {
      remove(unverifiedBySource, connection, source);
      add(verifiedBySource, connection, source);
    }
  }

  /** Removes a connection that has ended or is bounded elsewhere; does nothing if it is unknown. */
  public synchronized void closed(C connection) {
    String source = sources.remove(connection);
    if (source != null) {
      boolean unproven = unverified.remove(connection) != null;
      remove(unproven ? unverifiedBySource : verifiedBySource, connection, source);
    }
  }

  private static <C> void add(Map<String, LinkedHashSet<C>> bySource, C connection, String source) {
    bySource.computeIfAbsent(source, unused -> new LinkedHashSet<>()).add(connection);
  }

  private static <C> void remove(
      Map<String, LinkedHashSet<C>> bySource, C connection, String source) {
    bySource.computeIfPresent(
        source,
        (from, connections) -> {
          connections.remove(connection);
          return connections.isEmpty() ? null : connections;
        });
  }

  /** Returns the number of connections. */
  public synchronized int size() {
    return sources.size();
  }
}
