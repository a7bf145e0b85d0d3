package io.claviger.edge.audit;

import static io.claviger.schemas.event.ServedFrom.BROKER;
import static io.claviger.schemas.event.ServedFrom.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant END = NOW.plusSeconds(3_600);

  private final AtomicInteger unrecorded = new AtomicInteger();
  private final EventOutbox events = new EventOutbox(1_000, () -> {});
  private final Deliveries deliveries =
      new Deliveries(100, events, unrecorded::incrementAndGet, () -> NOW);

  @Test
  void sayWhoWasHandedWhatFromWhere() {
    hand("pod-1", "ASIA1", BROKER);

    assertThat(events.oldest(10))
        .containsExactly(
            new NodeEvent.Delivered(
                NOW,
                "shop",
                "cart",
                "cart-0",
                "pod-1",
                "a-1",
                3L,
                "ASIA1",
                END,
                "shop.cart-123",
                BROKER));
  }

  @Test
  void areRecordedOnceForEachPodAndKey() {
    hand("pod-1", "ASIA1", BROKER);
    hand("pod-1", "ASIA1", MEMORY);
    hand("pod-2", "ASIA1", MEMORY);
    hand("pod-1", "ASIA2", MEMORY);
    hand("pod-1", "ASIA2", MEMORY);

    assertThat(keys()).containsExactly("pod-1 ASIA1", "pod-2 ASIA1", "pod-1 ASIA2");
  }

  @Test
  void areRecordedOnceWhenAPodAsksManyTimesAtOnce() throws Exception {
    int pods = 900;
    Deliveries large = new Deliveries(pods, events, () -> {}, () -> NOW);
    CyclicBarrier together = new CyclicBarrier(4);
    Callable<Boolean> ask =
        () -> {
          for (int i = 0; i < pods; i++) {
            together.await();
            large.served(pod("pod-" + i, "shop"), "a-1", 3, credentials("ASIA1"), MEMORY);
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      assertThat(threads.invokeAll(Collections.nCopies(4, ask))).hasSize(4);
    }

    assertThat(keys()).hasSize(pods).doesNotHaveDuplicates();
  }

  @Test
  void ofPodsThatWereForgottenAreRecordedAgain() {
    Deliveries small = new Deliveries(1, events, () -> {}, () -> NOW);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 100; i++) {
        small.served(pod("pod-" + i, "shop"), "a-1", 3, credentials("ASIA1"), MEMORY);
      }
    }

    assertThat(events.size()).isGreaterThan(150);
  }

  @Test
  void withNamesThatCannotBeAreCountedAndHinderNobody() {
    deliveries.served(pod("pod-1", "n".repeat(64)), "a-1", 3, credentials("ASIA1"), MEMORY);

    assertThat(unrecorded).hasValue(1);
    assertThat(events.size()).isZero();
  }

  private List<String> keys() {
    return events.oldest(1_000).stream()
        .map(NodeEvent.Delivered.class::cast)
        .map(delivered -> delivered.podUid() + " " + delivered.accessKeyId())
        .toList();
  }

  private void hand(String uid, String accessKeyId, ServedFrom from) {
    deliveries.served(pod(uid, "shop"), "a-1", 3, credentials(accessKeyId), from);
  }

  private static WorkloadIdentity pod(String uid, String namespace) {
    return new WorkloadIdentity("c1", namespace, "cart", "cart-0", uid, "node-1");
  }

  private static SessionCredentials credentials(String accessKeyId) {
    return new SessionCredentials(
        accessKeyId,
        "secret",
        "token",
        "111122223333",
        "arn:aws:sts::111122223333:assumed-role/cart/shop.cart-123",
        "AROA1:shop.cart-123",
        NOW,
        END);
  }
}
