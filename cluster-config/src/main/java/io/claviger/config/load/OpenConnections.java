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
 * The connections of a listener that anybody can reach: a bounded number, and no source can keep
 * the others out. Once there are many, the oldest one of the busiest source goes for each that
 * comes: of those on which nobody has proven who it is, if one source has many of these; otherwise
 * of those of whoever has. A network may share an address, behind a masquerading router, while
 * there are few. Where that one has not had its time yet, that source's newest one goes, or the one
 * that comes where no source has more: of many that come at once nobody would ever be done, if each
 * was closed for the next. Thread-safe.
 *
 * @param <C> a connection, by identity or equality
 */
public final class OpenConnections<C> {

  /** A source with more than this part of many is busy. */
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
   * There are none.
   *
   * @param many from how many on a busy source loses some
   * @param most how many there may be
   */
  public OpenConnections(int many, int most) {
    this(many, most, any -> true);
  }

  /**
   * There are none.
   *
   * @param hadItsTime whether one on which nobody has proven who it is may be closed for another;
   *     asked on any thread
   */
  public OpenConnections(int many, int most, Predicate<C> hadItsTime) {
    this.many = many;
    this.most = most;
    this.hadItsTime = hadItsTime;
  }

  /**
   * What counts as one source: a host has one IPv4 address, and as many of IPv6 as there are in a
   * network of 64 bits.
   */
  public static String source(InetAddress address) {
    byte[] bytes = address.getAddress();
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 8));
  }

  /**
   * The same of where a connection comes from; what has no address is one source, such as a
   * connection that has ended already.
   */
  public static String source(@Nullable SocketAddress remote) {
    if (remote == null) {
      return "";
    }
    try {
      // An address is looked up nowhere.
      return source(InetAddress.getByName(remote.hostAddress()));
    } catch (UnknownHostException e) {
      return "";
    }
  }

  /**
   * Takes one in.
   *
   * @param source where it comes from: {@link #source}
   * @return the one that has to be closed for it, perhaps itself; nothing where there is room
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

  /** Where two are as busy, the one goes that came first. */
  private Optional<LinkedHashSet<C>> busiest(Map<String, LinkedHashSet<C>> bySource, int more) {
    return bySource.values().stream()
        .filter(connections -> connections.size() > more)
        .max(
            Comparator.<LinkedHashSet<C>>comparingInt(LinkedHashSet::size)
                .thenComparing(
                    connections -> unverified.getOrDefault(connections.getFirst(), 0L),
                    Comparator.reverseOrder()));
  }

  /** It has proven who it is; does nothing, and waits for nobody, where that is known. */
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

  /** It has ended, or is not bounded by this any more; does nothing where it is not known. */
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

  /** How many there are. */
  public synchronized int size() {
    return sources.size();
  }
}
