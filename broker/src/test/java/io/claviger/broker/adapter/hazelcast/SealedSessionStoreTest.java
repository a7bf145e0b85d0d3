package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store over a map that hangs, fails, or is unavailable. */
class SealedSessionStoreTest {

  private static final SessionKey CART = Sealed.key("shop/cart");
  private static final SessionCredentials SESSION =
      Sealed.session("CART7", Sealed.NOW.plus(Duration.ofHours(1)));
  private static final OptionalLong GONE = OptionalLong.empty();

  @TempDir private Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<Object, Object> entries = new ConcurrentHashMap<>();
  private final Set<String> writers = new CopyOnWriteArraySet<>();
  private final AtomicInteger passes = new AtomicInteger();
  private final Semaphore peers = new Semaphore(Integer.MAX_VALUE / 2);
  private volatile @Nullable RuntimeException broken;
  private SealedSessionStore store;

  @BeforeEach
  void open() {
    store = Sealed.store(grid(), Sealed.keys(directory, "k1", "k1"), () -> Sealed.NOW, meters);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void writesOnItsOwnThreadOnly() {
    CompletableFuture<Void> put = put(CART);
    CompletableFuture<Boolean> drop = drop("a-1");

    assertThat(put).succeedsWithin(Duration.ofSeconds(5));
    assertThat(drop).succeedsWithin(Duration.ofSeconds(5));
    assertThat(writers).containsExactly(StoreWorker.THREAD);
  }

  @Test
  void countsWhatItCannotWriteWhileAPeerHangs() {
    put(CART).join();
    peers.drainPermits();
    for (int number = 0; number < StoreWorker.MAX_PENDING; number++) {
      assertThat(put(Sealed.key("shop/" + number))).isNotCompletedExceptionally();
    }

    CompletableFuture<Void> tooMuch = put(Sealed.key("shop/one-more"));

    assertThat(tooMuch).isCompletedExceptionally();
    assertThat(meters.counter(Meters.STORE_FAILURES).count()).isEqualTo(1);
    assertThat(store.find(CART)).contains(SESSION);
  }

  @Test
  void dropsInOnePassWhatIsToBeDroppedWhileAPassWaits() {
    put(Sealed.key("a-1", 1, "x")).join();
    put(Sealed.key("a-2", 3, "x")).join();
    put(Sealed.key("a-2", 4, "x")).join();
    put(Sealed.key("a-3", 1, "x")).join();
    peers.drainPermits();
    CompletableFuture<Void> delayed = put(CART);

    CompletableFuture<Boolean> gone = drop("a-1");
    CompletableFuture<Boolean> changed =
        store.dropOtherRevisions("a-2", OptionalLong.of(4)).toCompletableFuture();
    CompletableFuture<Boolean> never = drop("a-4");
    peers.release(1_000);
    CompletableFuture.allOf(delayed, gone, changed, never).join();

    assertThat(passes).hasValue(1);
    assertThat(gone).isCompletedWithValue(true);
    assertThat(changed).isCompletedWithValue(true);
    assertThat(never).isCompletedWithValue(false);
    assertThat(entries).containsOnlyKeys("c1|a-2|4|x", "c1|a-3|1|x", CART.text());
  }

  @Test
  void dropsAgainAfterADropThatWasRefused() {
    put(Sealed.key("a-1", 1, "x")).join();
    peers.drainPermits();
    for (int number = 0; number < StoreWorker.MAX_PENDING; number++) {
      assertThat(put(CART)).isNotCompletedExceptionally();
    }
    assertThat(drop("a-1")).isCompletedExceptionally();
    peers.release(1_000_000);

    await().until(() -> !drop("a-1").isCompletedExceptionally());
    await().until(() -> !entries.containsKey("c1|a-1|1|x"));
  }

  @Test
  void findsNothingWhileItsMemberIsShuttingDown() {
    put(CART).join();

    broken = new HazelcastInstanceNotActiveException();

    assertThat(store.find(CART)).isEmpty();
    assertThat(put(CART)).failsWithin(Duration.ofSeconds(5));
    assertThat(meters.get(Meters.STORE_SIZE).gauge().value()).isZero();
    assertThat(meters.counter(Meters.STORE_FAILURES).count()).isEqualTo(1);
  }

  @Test
  void isNotReadyBeforeTheMapIsThereAndAsksForItAgain() {
    AtomicInteger asked = new AtomicInteger();
    HazelcastInstance grid =
        FakeGrid.answering(
                "getReplicatedMap",
                name -> {
                  if (asked.incrementAndGet() == 1) {
                    throw new HazelcastInstanceNotActiveException();
                  }
                  return map();
                })
            .instance();

    try (SealedSessionStore late =
        new SealedSessionStore(
            grid,
            Sealed.sealer(Sealed.keys(directory, "k1", "k1")),
            () -> Sealed.NOW,
            Sealed.NEVER,
            meters)) {
      await().until(() -> asked.get() == 1);
      assertThat(late.isReady()).isFalse();
      assertThat(late.find(CART)).isEmpty();

      await().until(late::isReady);
    }
  }

  private CompletableFuture<Void> put(SessionKey key) {
    return store.putAll(Map.of(key, SESSION)).toCompletableFuture();
  }

  private CompletableFuture<Boolean> drop(String associationId) {
    return store.dropOtherRevisions(associationId, GONE).toCompletableFuture();
  }

  private HazelcastInstance grid() {
    return FakeGrid.answering("getReplicatedMap", name -> map()).instance();
  }

  private ReplicatedMap<?, ?> map() {
    return FakeGrid.answering("get", key -> reading().get(key[0]))
        .also("size", none -> reading().size())
        .also(
            "keySet",
            none -> {
              passes.incrementAndGet();
              return writing().keySet();
            })
        .also("remove", key -> writing().remove(key[0]))
        .also(
            "putAll",
            map -> {
              writing().putAll((Map<?, ?>) map[0]);
              return null;
            })
        .as(ReplicatedMap.class);
  }

  private Map<Object, Object> reading() {
    RuntimeException failure = broken;
    if (failure != null) {
      throw failure;
    }
    return entries;
  }

  /** Waits for all peers, as every write does. */
  private Map<Object, Object> writing() {
    writers.add(Thread.currentThread().getName());
    try {
      peers.acquire();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return reading();
  }
}
