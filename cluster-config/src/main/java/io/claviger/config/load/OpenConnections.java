package io.claviger.config.load;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a listener that anybody can reach: a bounded number, and no source can keep
 * the others out. Once there are many, the oldest one of the busiest source goes for each that
 * comes: of those on which nobody has proven who it is, if one source has many of these; otherwise
 * of those of whoever has. A network may share an address, behind a masquerading router, while
 * there are few. Thread-safe.
 *
 * @param <C> a connection, by identity or equality
 */
public final class OpenConnections<C> {

  /** A source with more than this part of many is busy. */
  private static final int BUSY = 8;

  private final int many;
  private final int most;
  private final Map<C, Long> unverified = new ConcurrentHashMap<>();
  private final Map<C, String> sources = new HashMap<>();
  private final Map<String, Set<C>> unverifiedBySource = new HashMap<>();
  private final Map<String, Set<C>> verifiedBySource = new HashMap<>();
  private long arrivals;

  /**
   * There are none.
   *
   * @param many from how many on a busy source loses some
   * @param most how many there may be
   */
  public OpenConnections(int many, int most) {
    this.many = many;
    this.most = most;
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
    Optional<C> displaced =
        oldestOfTheBusiest(unverifiedBySource, many / BUSY)
            .or(() -> oldestOfTheBusiest(verifiedBySource, many / BUSY));
    if (displaced.isEmpty() && sources.size() > most) {
      displaced = oldestOfTheBusiest(unverifiedBySource, 0);
    }
    displaced.ifPresent(this::closed);
    return displaced.orElse(null);
  }

  /** Where two are as busy, the one goes that came first. */
  private Optional<C> oldestOfTheBusiest(Map<String, Set<C>> bySource, int more) {
    return bySource.values().stream()
        .filter(connections -> connections.size() > more)
        .max(
            Comparator.<Set<C>>comparingInt(Set::size)
                .thenComparing(
                    connections -> unverified.getOrDefault(oldest(connections), 0L),
                    Comparator.reverseOrder()))
        .map(OpenConnections::oldest);
  }

  private static <C> C oldest(Set<C> connections) {
    return connections.iterator().next();
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

  private static <C> void add(Map<String, Set<C>> bySource, C connection, String source) {
    bySource.computeIfAbsent(source, unused -> new LinkedHashSet<>()).add(connection);
  }

  private static <C> void remove(Map<String, Set<C>> bySource, C connection, String source) {
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
