package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class SessionsTest {
  private static final SessionKey KEY = new SessionKey("c1", "a-1", 1, "shop/cart");
  private static final SessionCredentials SESSION =
      Samples.session("ASIA1", Instant.EPOCH, Duration.ofHours(1));
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final FakeStore store = new FakeStore();
  private final Sessions sessions = new Sessions(store, time);

  @Test
  void findWhatIsStillOnItsWay() {
    store.writable = new CompletableFuture<>();

    sessions.keep(KEY, SESSION);
    assertThat(sessions.find(KEY)).contains(SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));
    assertThat(store.shared).isEmpty();
    assertThat(sessions.find(KEY)).contains(SESSION);

    store.writable.complete(null);
    assertThat(store.shared).containsEntry(KEY, SESSION);
  }

  @Test
  void findWhatIsWrittenAlsoWhereTheReplicaHasItLater() {
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));
    assertThat(store.puts).hasSize(1);

    store.shared.clear();

    time.advanceTimeBy(Duration.ofMillis(2_999));
    assertThat(sessions.find(KEY)).contains(SESSION);
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(sessions.find(KEY)).isEmpty();
  }

  @Test
  void dropWhatIsWrittenAlsoWhereTheReplicaHasItLater() {
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));
    store.shared.clear();

    sessions.dropOtherRevisions("a-1", OptionalLong.empty());

    assertThat(sessions.find(KEY)).isEmpty();
  }

  @Test
  void forgetWhatIsDroppedWhileItIsWritten() {
    store.writable = new CompletableFuture<>();
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));

    sessions.dropOtherRevisions("a-1", OptionalLong.empty());
    store.writable.complete(null);
    store.shared.clear();

    assertThat(sessions.find(KEY)).isEmpty();
  }

  @Test
  void gatherWhatIsKeptAtAboutTheSameTime() {
    for (int i = 0; i < 100; i++) {
      sessions.keep(new SessionKey("c1", "a-" + i, 1, "shop/cart"), SESSION);
    }
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(store.puts).hasSize(2);
    assertThat(store.shared).hasSize(100);
  }

  @Test
  void neverWriteWhatWasDroppedOnItsWay() {
    SessionKey newer = new SessionKey("c1", "a-1", 2, "shop/cart");
    sessions.keep(KEY, SESSION);
    sessions.keep(newer, SESSION);

    assertThat(sessions.dropOtherRevisions("a-1", OptionalLong.of(2))).isCompletedWithValue(true);
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(sessions.find(KEY)).isEmpty();
    assertThat(store.shared).containsOnlyKeys(newer);
  }

  @Test
  void dropWhatIsAlreadyShared() {
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(sessions.dropOtherRevisions("a-1", OptionalLong.empty())).isCompletedWithValue(true);

    assertThat(sessions.find(KEY)).isEmpty();
    assertThat(store.shared).isEmpty();
  }

  @Test
  void tellWhetherTheyDroppedOneAlsoWhenTheStoreFails() {
    sessions.keep(KEY, SESSION);
    store.writable = CompletableFuture.failedFuture(new IllegalStateException("no quorum"));

    assertThat(sessions.dropOtherRevisions("a-2", OptionalLong.empty()))
        .isCompletedWithValue(false);
    assertThat(sessions.dropOtherRevisions("a-1", OptionalLong.empty())).isCompletedWithValue(true);
  }

  @Test
  void findWhatAnotherBrokerSharesForAMomentAndWriteNothing() {
    sessions.borrow(KEY, SESSION);

    time.advanceTimeBy(Duration.ofMillis(2_999));
    assertThat(sessions.find(KEY)).contains(SESSION);
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(sessions.find(KEY)).isEmpty();
    assertThat(store.puts).isEmpty();
  }

  @Test
  void preferWhatWasOpenedHereToWhatWasBorrowed() {
    SessionCredentials next = Samples.session("ASIA2", Instant.EPOCH, Duration.ofHours(1));
    sessions.borrow(KEY, SESSION);
    sessions.keep(KEY, next);
    assertThat(sessions.find(KEY)).contains(next);
    sessions.borrow(KEY, SESSION);

    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(sessions.find(KEY)).contains(next);
  }

  @Test
  void dropWhatWasBorrowedAndLeaveItToTheOthersToTell() {
    SessionKey newer = new SessionKey("c1", "a-1", 2, "shop/cart");
    sessions.borrow(KEY, SESSION);
    sessions.borrow(newer, SESSION);

    assertThat(sessions.dropOtherRevisions("a-1", OptionalLong.of(2))).isCompletedWithValue(false);
    assertThat(sessions.find(KEY)).isEmpty();
    assertThat(sessions.find(newer)).contains(SESSION);

    sessions.dropOtherRevisions("a-1", OptionalLong.empty());
    assertThat(sessions.find(newer)).isEmpty();
  }

  @Test
  void goOnAfterAWriteThatFailedOrHangs() {
    store.writable = CompletableFuture.failedFuture(new IllegalStateException("no quorum"));
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));
    assertThat(sessions.find(KEY)).isEmpty();

    store.writable = new CompletableFuture<>();
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofSeconds(16));

    store.writable = CompletableFuture.completedFuture(null);
    sessions.keep(KEY, SESSION);
    time.advanceTimeBy(Duration.ofMillis(5));
    assertThat(store.shared).containsEntry(KEY, SESSION);
  }
}
