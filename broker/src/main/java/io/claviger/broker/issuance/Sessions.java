package io.claviger.broker.issuance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The sessions from which this broker responds. They are those of the store, those on their way to
 * it, and those that may not have reached it yet: just written, or received from another broker. A
 * request therefore never waits for a write, and a session that has just been opened is not
 * requested again.
 */
final class Sessions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private static final int MAX_ON_THE_WAY = 20_000;

  private static final int MAX_BORROWED = 5_000;

  /** By then the store has the session from its owner; otherwise this broker requests it again. */
  private static final Duration BORROWED = Duration.ofSeconds(3);

  private static final int BATCH = 64;
  private static final Duration GATHER = Duration.ofMillis(5);
  private static final Duration WRITE_DEADLINE = Duration.ofSeconds(15);

  private final SessionStore store;
  private final Scheduler scheduler;
  private final Scheduler.Worker serial;
  private final Sinks.Many<SessionKey> writes = Sinks.many().unicast().onBackpressureBuffer();
  private final Cache<SessionKey, SessionCredentials> onTheWay =
      Caffeine.newBuilder().maximumSize(MAX_ON_THE_WAY).executor(Runnable::run).build();
  private final Cache<SessionKey, SessionCredentials> borrowed;
  private final Disposable subscription;

  Sessions(SessionStore store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
    this.serial = scheduler.createWorker();
    this.borrowed =
        Caffeine.newBuilder()
            .maximumSize(MAX_BORROWED)
            .expireAfterWrite(BORROWED)
            .ticker(() -> scheduler.now(TimeUnit.NANOSECONDS))
            .executor(Runnable::run)
            .build();
    this.subscription =
        writes
            .asFlux()
            .bufferTimeout(BATCH, GATHER, scheduler, true)
            .concatMap(keys -> share(Set.copyOf(keys)), 1)
            .subscribe();
  }

  /** Returns the session of a key that is shared or is about to be. */
  Optional<SessionCredentials> find(SessionKey key) {
    SessionCredentials here = onTheWay.getIfPresent(key);
    SessionCredentials latest = here != null ? here : borrowed.getIfPresent(key);
    return latest != null ? Optional.of(latest) : store.find(key);
  }

  /** Caches a session. It is available here at once, and at other brokers soon. */
  void keep(SessionKey key, SessionCredentials session) {
    onTheWay.put(key, session);
    borrowed.invalidate(key);
    serial.schedule(() -> writes.tryEmitNext(key));
  }

  /**
   * Caches a session that another broker shares, until the store has it. The caller must have
   * checked, after the session was opened, that its association is unchanged.
   */
  void borrow(SessionKey key, SessionCredentials session) {
    if (onTheWay.getIfPresent(key) == null) {
      borrowed.put(key, session);
    }
  }

  /**
   * Drops the sessions of an association, here and in the store, except those of one revision.
   *
   * @return whether this broker has dropped one; never fails
   */
  synchronized CompletionStage<Boolean> dropOtherRevisions(
      String associationId, OptionalLong kept) {
    boolean here = drop(onTheWay, associationId, kept);
    drop(borrowed, associationId, kept);
    return store
        .dropOtherRevisions(associationId, kept)
        .exceptionally(counted -> false) // the store counts its own failures
        .thenApply(shared -> here || shared);
  }

  private static boolean drop(Cache<SessionKey, ?> cache, String associationId, OptionalLong kept) {
    return cache
        .asMap()
        .keySet()
        .removeIf(
            key ->
                key.associationId().equals(associationId)
                    && (kept.isEmpty() || key.revision() != kept.getAsLong()));
  }

  private Mono<Void> share(Set<SessionKey> keys) {
    return Mono.defer(() -> write(keys))
        .timeout(WRITE_DEADLINE, scheduler)
        .onErrorResume(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("sessions", keys.size())
                  .addKeyValue("cause", failure.toString())
                  .log("sessions could not be shared");
              return Mono.empty();
            });
  }

  /**
   * Takes the batch and passes it to the store under the lock that drops also hold, so that nothing
   * dropped is written afterwards.
   */
  private synchronized Mono<Void> write(Set<SessionKey> keys) {
    Map<SessionKey, SessionCredentials> batch = onTheWay.getAllPresent(keys);
    if (batch.isEmpty()) {
      return Mono.empty();
    }
    return DetachedWait.<Void>detached(store.putAll(batch))
        .doOnSuccess(done -> written(batch))
        .doFinally(end -> batch.forEach(onTheWay.asMap()::remove));
  }

  /**
   * Moves the batch to the borrowed sessions. If another member owns the partition, Hazelcast may
   * update this broker's replica after the write ends. Holds the lock of drops, so that a drop
   * finds each session in one place or the other.
   */
  private synchronized void written(Map<SessionKey, SessionCredentials> batch) {
    batch.forEach(
        (key, session) -> {
          if (onTheWay.asMap().remove(key, session)) {
            borrowed.put(key, session);
          }
        });
  }

  @Override
  public void close() {
    subscription.dispose();
    serial.dispose();
  }
}
