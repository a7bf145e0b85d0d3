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
 * The sessions that this broker can answer from: those of the store, and over them those that are
 * on their way there, and those that the store may not have yet, just written or answered with by
 * another broker. So nobody waits for a write, and nobody asks again for what has just been opened.
 */
final class Sessions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private static final int MAX_ON_THE_WAY = 20_000;

  private static final int MAX_BORROWED = 5_000;

  /** The store has it from its owner by then, or the owner is asked again. */
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

  /** The session of a key that has been shared or is about to be. */
  Optional<SessionCredentials> find(SessionKey key) {
    SessionCredentials here = onTheWay.getIfPresent(key);
    SessionCredentials latest = here != null ? here : borrowed.getIfPresent(key);
    return latest != null ? Optional.of(latest) : store.find(key);
  }

  /** Keeps a session: it is found here at once, and by the others soon. */
  void keep(SessionKey key, SessionCredentials session) {
    onTheWay.put(key, session);
    borrowed.invalidate(key);
    serial.schedule(() -> writes.tryEmitNext(key));
  }

  /**
   * Another broker shares this one: it is found here for a moment, until the store has it. For
   * those who have seen, after it was opened, that its association is still the one.
   */
  void borrow(SessionKey key, SessionCredentials session) {
    if (onTheWay.getIfPresent(key) == null) {
      borrowed.put(key, session);
    }
  }

  /**
   * Forgets the sessions of an association, here and for all, but those of one revision.
   *
   * @return whether this broker has forgotten one; never fails
   */
  synchronized CompletionStage<Boolean> dropOtherRevisions(
      String associationId, OptionalLong kept) {
    boolean here = drop(onTheWay, associationId, kept);
    drop(borrowed, associationId, kept);
    return store
        .dropOtherRevisions(associationId, kept)
        .exceptionally(counted -> false) // by the store, in its failures
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
   * Takes the batch and hands it over under the lock of dropping: nothing dropped is written
   * afterwards.
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
   * This broker's replica may have them later than the write ends: Hazelcast tells it as it tells
   * the others where another member owns the partition. Under the lock of dropping, so that a drop
   * finds each in one place or the other.
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
