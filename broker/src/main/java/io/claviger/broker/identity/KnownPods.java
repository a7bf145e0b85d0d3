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
 * The uids of one cluster's pods, as its API server told them, and of those that were there and are
 * gone. Some 75 bytes a pod: 40 MB for 500,000. Written by one watch; read from any thread.
 */
public final class KnownPods {

  /** More pods than Kubernetes is made for; a longer list is not taken. */
  private static final int MAX_PODS = 1_000_000;

  /** Pods that are remembered as gone; of an older one the API server has to be asked. */
  private static final int MAX_GONE = 200_000;

  /** No token of a pod lives longer. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private static final int UUID_CHARACTERS = 36;

  /** By the list that each was last seen in, or after: so a list needs no second set of uids. */
  private final Map<UUID, Integer> there = new ConcurrentHashMap<>();

  private final Cache<UUID, Boolean> gone;
  private final List<Consumer<Set<UUID>>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean complete;
  private Integer list = 0;

  /**
   * None is known.
   *
   * @param ticker measures how long those that are gone are remembered
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

  /** A uid as the API server writes them; nothing when it is none. */
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

  /** Tells the uids of pods that are gone from now on, on the watch's thread; must not block. */
  public void listen(Consumer<Set<UUID>> listener) {
    listeners.add(listener);
  }

  /** A list of all pods begins: those that it does not have are gone once it ends. */
  public void listBegins() {
    list = list + 1;
  }

  /**
   * These pods are there.
   *
   * @throws IllegalStateException when they are more than can be kept
   */
  public void present(Collection<UUID> uids) {
    Integer seen = list;
    for (UUID uid : uids) {
      there.put(uid, seen);
      if (gone.getIfPresent(uid) != null) {
        // The cluster's storage was restored from a backup.
        gone.invalidate(uid);
      }
    }
    if (there.size() > MAX_PODS) {
      throw new IllegalStateException("the cluster has more than " + MAX_PODS + " pods");
    }
  }

  /** The list has ended: what it did not have is gone. */
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

  /** These pods are no objects of the cluster any more. */
  public void gone(Collection<UUID> uids) {
    if (uids.isEmpty()) {
      return;
    }
    // First: whoever does not find them there any more finds them gone.
    uids.forEach(uid -> gone.put(uid, true));
    there.keySet().removeAll(Set.copyOf(uids));
    listeners.forEach(listener -> listener.accept(Set.copyOf(uids)));
  }

  /** Whether all pods are known, and what changes is told. */
  public void complete(boolean now) {
    complete = now;
  }

  /** Whether a pod that is not known is gone, or so new that nobody has told of it yet. */
  public boolean complete() {
    return complete;
  }

  /** Whether a pod was there when the API server was last heard. */
  public boolean has(@Nullable UUID uid) {
    return uid != null && there.containsKey(uid);
  }

  /** Whether a pod was there and is not any more. */
  public boolean isGone(@Nullable UUID uid) {
    return uid != null && gone.getIfPresent(uid) != null;
  }

  /** How many are there. */
  public int size() {
    return there.size();
  }
}
