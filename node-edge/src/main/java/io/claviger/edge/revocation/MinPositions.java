package io.claviger.edge.revocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.time.Duration;

/**
 * How far the cluster's association log is known to have advanced, in all and per service account
 * with a changed association. An answer from before its association changed must not be used,
 * however late it arrives. Bounded; thread-safe.
 */
public final class MinPositions {

  /**
   * Until then, a request from before the change may still be answered. Later requests carry {@link
   * #newest()}, and brokers give no answer from before it.
   */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private volatile Position newest = Position.NONE;
  private final Cache<AssociationKey, Position> minPositions;

  /**
   * Starts without any minimum position.
   *
   * @param size how many service accounts are remembered
   * @param ticker measures how long
   */
  public MinPositions(int size, Ticker ticker) {
    this.minPositions =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfterWrite(MEMORY)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Returns the newest position that was seen anywhere; each request carries it. */
  public Position newest() {
    return newest;
  }

  /** Records a broker's position. */
  public synchronized void saw(Position position) {
    newest = later(newest, position);
  }

  /** Whether an answer about this service account, made at this position, may be used. */
  public boolean permits(AssociationKey key, Position position) {
    Position minPosition = minPositions.getIfPresent(key);
    return minPosition == null || position.isAtLeast(minPosition);
  }

  void raise(AssociationKey key, Position position) {
    saw(position);
    minPositions.asMap().merge(key, position, MinPositions::later);
  }

  private static Position later(Position one, Position other) {
    return one.isAtLeast(other) ? one : other;
  }
}
