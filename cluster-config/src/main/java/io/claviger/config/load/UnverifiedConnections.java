package io.claviger.config.load;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connections of which nobody has proven yet who they are: a bounded number, and no source can keep
 * the others out. Once there are many, the oldest connection of the busiest source goes for each
 * that comes, if that source is busy; above the bound in any case. So a network may share an
 * address, behind a masquerading router, while there are few. Thread-safe.
 *
 * @param <C> a connection, by identity or equality
 */
public final class UnverifiedConnections<C> {

  /** A source with more than this part of many is busy. */
  private static final int BUSY = 8;

  private final int many;
  private final int most;
  private final Map<String, Set<C>> bySource = new HashMap<>();
  private final Map<C, String> sources = new ConcurrentHashMap<>();

  /**
   * There are none.
   *
   * @param many from how many on a busy source loses some
   * @param most how many there may be
   */
  public UnverifiedConnections(int many, int most) {
    this.many = many;
    this.most = most;
  }

  /**
   * Takes one in.
   *
   * @param source where it comes from
   * @return the one that has to be closed for it, perhaps itself; nothing where there is room
   */
  public synchronized @Nullable C entered(C connection, String source) {
    sources.put(connection, source);
    bySource.computeIfAbsent(source, unused -> new LinkedHashSet<>()).add(connection);
    if (sources.size() <= many) {
      return null;
    }
    Set<C> busiest = Collections.max(bySource.values(), Comparator.comparingInt(Collection::size));
    if (sources.size() <= most && busiest.size() <= Math.max(1, many / BUSY)) {
      return null;
    }
    C oldest = busiest.iterator().next();
    remove(oldest);
    return oldest;
  }

  /**
   * It has proven who it is, or has ended; does nothing, and waits for nobody, where it is not
   * among them.
   */
  public void left(C connection) {
    if (sources.containsKey(connection)) {
      remove(connection);
    }
  }

  private synchronized void remove(C connection) {
    String source = sources.remove(connection);
    if (source == null) {
      return;
    }
    Set<C> beside = bySource.get(source);
    if (beside != null && beside.remove(connection) && beside.isEmpty()) {
      bySource.remove(source);
    }
  }

  /** How many there are. */
  public int size() {
    return sources.size();
  }
}
