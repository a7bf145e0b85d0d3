package io.claviger.edge.revocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.time.Duration;

/**
 * How far the cluster's association log is known to have come: in all, and for each service account
 * whose association changed. An answer made before its association changed is not to be used,
 * however late it arrives. Bounded; thread-safe.
 */
public final class MinPositions {

  /**
   * A least position is only needed while a request that was sent before the change may still be
   * answered; requests sent later carry {@link #newest()}, and brokers do not answer from before
   * it.
   */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private volatile Position newest = Position.NONE;
  private final Cache<AssociationKey, Position> minPositions;

  /**
   * Knows no least position yet.
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

  /** The newest position that was seen anywhere; sent with each request. */
  public Position newest() {
    return newest;
  }

  /** A broker was seen at this position. */
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
