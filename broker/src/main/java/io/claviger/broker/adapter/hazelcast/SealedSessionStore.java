package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.broker.issuance.SessionStore;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.Unsealed;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions in Hazelcast's replicated map, each sealed together with its key and its expiry. Reads
 * use this broker's own replica and check the expiry each time. Hazelcast's own time to live
 * restarts when a member joins, so it is not used; a sweep removes expired entries. {@link
 * StoreWorker} does the writes.
 */
public final class SealedSessionStore implements SessionStore, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SealedSessionStore.class);
  private static final Duration CLAIM_AGAIN = Duration.ofSeconds(1);

  private final HazelcastInstance hazelcast;
  private final Sealer sealer;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Counter failures;
  private final StoreWorker worker = new StoreWorker();
  private volatile @Nullable ReplicatedMap<Object, Object> map;
  private @Nullable Waiting lastDrops;

  /** Drops that had not started at the last check, with their pass over the map. */
  private record Waiting(Drops drops, CompletableFuture<Void> pass) {
    CompletionStage<Boolean> hasDropped(String associationId) {
      return pass.thenApply(done -> drops.hasDropped(associationId));
    }
  }

  /**
   * Starts to obtain the map; see {@link #isReady()}.
   *
   * @param sweepEvery the interval of removing expired entries
   */
  public SealedSessionStore(
      HazelcastInstance hazelcast,
      Sealer sealer,
      InstantSource clock,
      Duration sweepEvery,
      MeterRegistry meters) {
    this.hazelcast = hazelcast;
    this.sealer = sealer;
    this.clock = clock;
    this.meters = meters;
    this.failures = meters.counter(Meters.STORE_FAILURES);
    meters.gauge(Meters.STORE_SIZE, this, SealedSessionStore::size);
    worker.repeat(this::obtain, Duration.ZERO, CLAIM_AGAIN);
    Sweep sweep = new Sweep(hazelcast, clock, meters);
    worker.repeat(() -> sweep.run(map), sweepEvery, sweepEvery);
  }

  /** Returns whether this broker has everything that the others have. */
  public boolean isReady() {
    return map != null;
  }

  /** Blocks until the map has been filled from the other brokers. */
  private void obtain() {
    try {
      if (map == null) {
        map = hazelcast.getReplicatedMap(HazelcastConfiguration.SESSIONS);
        LOG.atInfo().log("the map of sessions has been filled from the other brokers");
      }
    } catch (HazelcastException | IllegalStateException e) {
      LOG.atWarn()
          .addKeyValue("cause", e.toString())
          .log("the map of sessions is not available yet");
    }
  }

  private int size() {
    ReplicatedMap<Object, Object> replica = map;
    try {
      return replica == null ? 0 : replica.size();
    } catch (HazelcastException | IllegalStateException e) {
      return 0; // this member is shutting down
    }
  }

  @Override
  public Optional<SessionCredentials> find(SessionKey key) {
    String text = key.text();
    ReplicatedMap<Object, Object> replica = map;
    try {
      return switch (replica == null ? null : replica.get(text)) {
        case null -> Optional.empty();
        case byte[] sealed -> open(text, sealed);
        default -> unreadable("type");
      };
    } catch (HazelcastSerializationException e) {
      return unreadable("type");
    } catch (HazelcastException | IllegalStateException e) {
      return Optional.empty(); // this member is shutting down
    }
  }

  private Optional<SessionCredentials> open(String key, byte[] sealed) {
    return switch (sealer.unseal(key, sealed, clock.instant())) {
      case Unsealed.Opened(var plain) -> read(plain);
      case Unsealed.Expired expired -> Optional.empty();
      case Unsealed.Unreadable(var why) -> unreadable(why);
    };
  }

  private Optional<SessionCredentials> read(byte[] plain) {
    try {
      return Optional.of(SchemaJson.read(plain, SessionCredentials.class));
    } catch (SchemaJson.MalformedRecordException e) {
      return unreadable("content");
    }
  }

  private Optional<SessionCredentials> unreadable(String cause) {
    meters.counter(Meters.STORE_UNREADABLE, Meters.CAUSE, cause).increment();
    return Optional.empty();
  }

  @Override
  public synchronized CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
    lastDrops = null; // a later drop must start after this write
    return counted(worker.submit(() -> replica().putAll(seal(sessions))));
  }

  private Map<String, byte[]> seal(Map<SessionKey, SessionCredentials> sessions) {
    Map<String, byte[]> sealed = HashMap.newHashMap(sessions.size());
    sessions.forEach(
        (key, session) ->
            sealed.put(
                key.text(),
                sealer.seal(key.text(), SchemaJson.writeBytes(session), session.expiration())));
    return sealed;
  }

  /** A drop checks every key, so drops that arrive while one waits share its pass. */
  @Override
  public synchronized CompletionStage<Boolean> dropOtherRevisions(
      String associationId, OptionalLong kept) {
    Waiting waiting = lastDrops;
    if (waiting != null && !waiting.pass().isDone() && waiting.drops().add(associationId, kept)) {
      return waiting.hasDropped(associationId);
    }
    Drops drops = new Drops(associationId, kept);
    Waiting last = new Waiting(drops, counted(worker.submit(() -> drops.run(replica()))));
    lastDrops = last;
    return last.hasDropped(associationId);
  }

  private ReplicatedMap<Object, Object> replica() {
    ReplicatedMap<Object, Object> replica = map;
    if (replica == null) {
      throw new IllegalStateException("the map of sessions is not available yet");
    }
    return replica;
  }

  private CompletableFuture<Void> counted(CompletableFuture<Void> write) {
    return write.whenComplete(
        (done, failed) -> {
          if (failed != null) {
            failures.increment();
          }
        });
  }

  /** Stops the worker. Waiting writes are lost; those sessions must be opened again. */
  @Override
  public void close() {
    worker.close();
  }
}
