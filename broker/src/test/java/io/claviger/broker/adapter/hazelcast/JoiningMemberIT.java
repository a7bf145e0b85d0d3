package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import io.claviger.broker.identity.TestClock;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that joins while there are sessions. */
class JoiningMemberIT {

  private static final int MANY = 4_000;
  private static final Duration LIFE = Duration.ofHours(1);

  @TempDir private Path directory;
  private final Members members = new Members();
  private final TestClock clock = new TestClock(Sealed.NOW);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private SealingKeys keys;
  private HazelcastInstance first;
  private SealedSessionStore store;

  @BeforeEach
  void startTheFirst() {
    keys = Sealed.keys(directory, "k1", "k1");
    first = members.start();
    store = Sealed.store(first, keys, clock, meters);
  }

  @AfterEach
  void close() {
    store.close();
    members.close();
  }

  @Test
  void isReadyOnlyWhenItHoldsAllThatTheOthersHold() throws Exception {
    // Given
    Map<SessionKey, SessionCredentials> sessions = write(MANY);

    // When
    HazelcastInstance second = members.start();
    try (SealedSessionStore joined =
        new SealedSessionStore(second, Sealed.sealer(keys), clock, Sealed.NEVER, meters)) {
      await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(joined::isReady);

      // Then
      assertThat(sessions.keySet()).allSatisfy(key -> assertThat(joined.find(key)).isPresent());
    }
  }

  @Test
  void belongsUntilItsMemberHasEnded() {
    HazelcastInstance second = members.start();
    BooleanSupplier belongs = PeerMembers.belongs(second);
    assertThat(belongs.getAsBoolean()).isTrue();

    second.shutdown();

    assertThat(belongs.getAsBoolean()).isFalse();
  }

  @Test
  void servesNothingThatHadEndedBeforeItJoined() throws Exception {
    // Given
    Map<SessionKey, SessionCredentials> sessions = write(100);
    clock.advance(LIFE);

    // When
    HazelcastInstance second = members.start();

    // Then
    try (SealedSessionStore joined = Sealed.store(second, keys, clock, meters)) {
      assertThat(Sealed.raw(second)).hasSize(100);
      assertThat(sessions.keySet()).allSatisfy(key -> assertThat(joined.find(key)).isEmpty());
    }
  }

  @Test
  void sweepsWhatHasEndedEachEntryByOneMember() throws Exception {
    // Given
    write(100);
    HazelcastInstance second = members.start();
    // Ownership has settled: each key has one owner.
    await().until(() -> second.getPartitionService().isClusterSafe());
    clock.advance(LIFE);
    SessionKey alive = Sealed.key("shop/alive");
    share(store, Map.of(alive, Sealed.session("ALIVE", clock.instant().plus(LIFE))));

    // When
    Duration often = Duration.ofMillis(50);
    try (SealedSessionStore one =
            new SealedSessionStore(first, Sealed.sealer(keys), clock, often, meters);
        SealedSessionStore other =
            new SealedSessionStore(second, Sealed.sealer(keys), clock, often, meters)) {
      await().until(() -> Sealed.raw(first).size() == 1 && Sealed.raw(second).size() == 1);

      // Then
      assertThat(one.find(alive)).isPresent();
      assertThat(other.find(alive)).isPresent();
      await().until(() -> meters.counter(Meters.STORE_SWEPT).count() >= 100);
      assertThat(meters.counter(Meters.STORE_SWEPT).count()).isEqualTo(100);
    }
  }

  @Test
  void reportsOnOneMemberOnlyADropThatAllWereAskedFor() throws Exception {
    // Given
    SessionKey key = write(1).keySet().iterator().next();
    HazelcastInstance second = members.start();
    try (SealedSessionStore joined = Sealed.store(second, keys, clock, meters)) {
      await().until(() -> joined.find(key).isPresent());

      // When
      List<CompletableFuture<Boolean>> drops =
          Stream.of(store, joined)
              .map(each -> each.dropOtherRevisions(key.associationId(), OptionalLong.empty()))
              .map(CompletionStage::toCompletableFuture)
              .toList();

      // Then
      List<Boolean> reported = new ArrayList<>();
      for (CompletableFuture<Boolean> drop : drops) {
        reported.add(drop.get(20, TimeUnit.SECONDS));
      }
      assertThat(reported).containsExactlyInAnyOrder(true, false);
    }
  }

  private Map<SessionKey, SessionCredentials> write(int count) throws Exception {
    Map<SessionKey, SessionCredentials> sessions =
        IntStream.range(0, count)
            .mapToObj(number -> Sealed.key("shop/cart/" + number))
            .collect(
                Collectors.toMap(
                    Function.identity(), key -> Sealed.session("S", clock.instant().plus(LIFE))));
    share(store, sessions);
    return sessions;
  }

  private static void share(SealedSessionStore store, Map<SessionKey, SessionCredentials> sessions)
      throws Exception {
    store.putAll(sessions).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
