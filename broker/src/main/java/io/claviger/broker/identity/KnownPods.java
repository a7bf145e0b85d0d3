package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The uids of one cluster's pods as its API server reports them, and of the pods that were deleted.
 * Takes about 75 bytes a pod: 40 MB for 500,000. One watch writes; any thread reads.
 */
public final class KnownPods {

  /** More pods than Kubernetes supports; a longer list is rejected. */
  private static final int MAX_PODS = 1_000_000;

  /**
   * How many deleted pods are remembered. For pods deleted earlier, the API server must be called.
   */
  private static final int MAX_GONE = 200_000;

  /** The maximum lifetime of a pod's token. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private static final int UUID_CHARACTERS = 36;

  /**
   * The number of the list in or after which each pod was last seen. A list therefore needs no
   * second set of uids.
   */
  private final Map<UUID, Integer> there = new ConcurrentHashMap<>();

  private final Cache<UUID, Boolean> gone;
  private final List<Consumer<Set<UUID>>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean complete;
  private Integer list = 0;

  /**
   * Starts without pods.
   *
   * @param ticker measures how long deleted pods are remembered
   */
  public KnownPods(Ticker ticker) {
    this.gone =
        Caffeine.newBuilder()
            .maximumSize(MAX_GONE)
            .expireAfterWrite(LONGEST_LIFE)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Parses a uid as the API server writes it; null if it is none. */
  public static @Nullable UUID uid(String text) {
    if (text.length() != UUID_CHARACTERS) {
      return null;
    }
    try {
      UUID uid = UUID.fromString(text);
      return uid.toString().equals(text) ? uid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Notifies the listener of the uids of deleted pods, on the watch's thread; it must not block.
   */
  public void listen(Consumer<Set<UUID>> listener) {
    listeners.add(listener);
  }

  /** Starts a list of all pods. When it ends, pods that are not in it count as deleted. */
  public void listBegins() {
    list = list + 1;
  }

  /**
   * Adds existing pods.
   *
   * @throws IllegalStateException if there are more pods than can be kept
   */
  public void present(Collection<UUID> uids) {
    Integer seen = list;
    for (UUID uid : uids) {
      there.put(uid, seen);
      if (gone.getIfPresent(uid) != null) {
        // This happens if the cluster's storage was restored from a backup.
        gone.invalidate(uid);
      }
    }
    if (there.size() > MAX_PODS) {
      throw new IllegalStateException("the cluster has more than " + MAX_PODS + " pods");
    }
  }

  /** Ends the list: pods that were not in it count as deleted. */
  public void listEnds() {
    Integer seen = list;
    List<UUID> missing = new ArrayList<>();
    there.forEach(
        (uid, last) -> {
          if (!last.equals(seen)) {
            missing.add(uid);
          }
        });
    gone(missing);
  }

  /** Records pods as deleted. */
  public void gone(Collection<UUID> uids) {
    if (uids.isEmpty()) {
      return;
    }
    // Added first, so that a concurrent reader finds each pod in at least one of the two sets.
    uids.forEach(uid -> gone.put(uid, true));
    there.keySet().removeAll(Set.copyOf(uids));
    listeners.forEach(listener -> listener.accept(Set.copyOf(uids)));
  }

  /** Sets whether all pods are known and the watch reports changes. */
  public void complete(boolean now) {
    complete = now;
  }

  /**
   * Returns whether all pods are known. An unknown pod is then deleted, or too new to be reported
   * yet.
   */
  public boolean complete() {
    return complete;
  }

  /** Returns whether a pod existed at the API server's last report. */
  public boolean has(@Nullable UUID uid) {
    return uid != null && there.containsKey(uid);
  }

  /** Returns whether a pod existed and was deleted. */
  public boolean isGone(@Nullable UUID uid) {
    return uid != null && gone.getIfPresent(uid) != null;
  }

  /** The number of existing pods. */
  public int size() {
    return there.size();
  }
}
