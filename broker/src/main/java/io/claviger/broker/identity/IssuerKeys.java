package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.TokenKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of one cluster's issuer. The last good set stays until a newer one is fetched.
 * Only one fetch runs at a time, and concurrent callers join it. Thread-safe.
 */
public final class IssuerKeys {

  /** The minimum time between two fetches that an unknown key id causes: ten seconds. */
  public static final Duration PAUSE_BETWEEN_SEARCHES = Duration.ofSeconds(10);

  private static final int MAX_ABSENT = 64;

  private final RegisteredCluster cluster;
  private final KeySource source;
  private final InstantSource clock;
  private final Ticker ticker;
  private final List<KeyListener> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();

  private volatile @Nullable KeySet current;

  // Guarded by lock.
  private @Nullable CompletableFuture<KeyFetch> underWay;
  private @Nullable Long lastSearch;
  private final Set<String> absent = new HashSet<>();

  /**
   * The keys of a cluster's issuer; none until the first {@link #refresh()}.
   *
   * @param clock stamps each fetched set
   * @param ticker measures the pause between searches
   */
  public IssuerKeys(
      RegisteredCluster cluster, KeySource source, InstantSource clock, Ticker ticker) {
    this.cluster = cluster;
    this.source = source;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** The cluster of this issuer. */
  public RegisteredCluster cluster() {
    return cluster;
  }

  /** The last good set; empty before the first. */
  public Optional<KeySet> current() {
    return Optional.ofNullable(current);
  }

  /** How long ago the current set was fetched; empty if there is none. */
  public Optional<Duration> age() {
    return current().map(set -> Duration.between(set.fetchedAt(), clock.instant()));
  }

  /** Notifies a listener of every further fetch. */
  public void listen(KeyListener listener) {
    listeners.add(listener);
  }

  /** Fetches the set, or joins the fetch in progress. Never fails. */
  public CompletionStage<KeyFetch> refresh() {
    CompletableFuture<KeyFetch> mine = new CompletableFuture<>();
    synchronized (lock) {
      if (underWay != null) {
        return underWay.minimalCompletionStage();
      }
      underWay = mine;
    }
    fetch().handle(this::take).thenAccept(outcome -> finish(mine, outcome));
    return mine.minimalCompletionStage();
  }

  /** Searches the issuer's keys for a key, and fetches them again if it is unknown. Never fails. */
  CompletionStage<Search> search(String keyId) {
    if (keys().keyIds().contains(keyId)) {
      return CompletableFuture.completedStage(Search.KNOWN);
    }
    synchronized (lock) {
      if (underWay == null && pausing()) {
        // Only a key that this search did not find is known to be absent. For other keys nothing is
        // known.
        return CompletableFuture.completedStage(
            absent.contains(keyId) ? Search.ABSENT : Search.UNCERTAIN);
      }
      if (underWay == null) {
        lastSearch = ticker.read();
        absent.clear();
      }
    }
    return refresh().thenApply(outcome -> searched(keyId, outcome));
  }

  TokenKeys keys() {
    KeySet set = current;
    return set == null ? TokenKeys.NONE : set.keys();
  }

  private boolean pausing() {
    return lastSearch != null && ticker.read() - lastSearch < PAUSE_BETWEEN_SEARCHES.toNanos();
  }

  private CompletionStage<String> fetch() {
    try {
      return source.fetch();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private KeyFetch take(@Nullable String jwks, @Nullable Throwable failure) {
    if (jwks == null) {
      return new KeyFetch.Failed(failure == null ? "nothing was fetched" : reason(failure));
    }
    KeySet before = current;
    if (before != null && before.jwks().equals(jwks)) {
      KeySet same = new KeySet(before.keys(), jwks, clock.instant());
      current = same;
      return new KeyFetch.Unchanged(same);
    }
    try {
      KeySet fetched = new KeySet(TokenKeys.parse(jwks), jwks, clock.instant());
      current = fetched;
      return new KeyFetch.Changed(fetched);
    } catch (IllegalArgumentException e) {
      return new KeyFetch.Failed(reason(e));
    }
  }

  private void finish(CompletableFuture<KeyFetch> fetch, KeyFetch outcome) {
    try {
      // Notified before the next fetch can start, so that listeners see fetches in order.
      listeners.forEach(listener -> listener.fetched(this, outcome));
    } finally {
      synchronized (lock) {
        underWay = null;
      }
      fetch.complete(outcome);
    }
  }

  private Search searched(String keyId, KeyFetch outcome) {
    if (keys().keyIds().contains(keyId)) {
      return Search.KNOWN;
    }
    if (outcome instanceof KeyFetch.Failed) {
      return Search.UNCERTAIN;
    }
    synchronized (lock) {
      if (absent.size() < MAX_ABSENT) {
        absent.add(keyId);
      }
    }
    return Search.ABSENT;
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The result of a search for a key. */
  enum Search {
    /** The key is in the current set. */
    KNOWN,
    /** The source was fetched, and does not have the key. */
    ABSENT,
    /** The source could not be fetched, or was fetched a moment ago for another key. */
    UNCERTAIN
  }
}
