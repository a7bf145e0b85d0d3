package io.claviger.broker.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.ServedFrom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NodeEventLogTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant END = NOW.plusSeconds(3_600);

  private final List<UUID> ids = new ArrayList<>();
  private final List<CredentialEvent> events = new ArrayList<>();
  private int room = 10;
  private final NodeEventLog log = new NodeEventLog(this::offer);

  private boolean offer(UUID id, CredentialEvent event) {
    if (events.size() == room) {
      return false;
    }
    ids.add(id);
    return events.add(event);
  }

  @Test
  void recordsADeliveryWhereTheConnectionIsFrom() {
    assertThat(log.take("c1", "node-1", List.of(delivered("pod-1", "ASIA1", NOW)))).isEqualTo(1);

    assertThat(events)
        .containsExactly(
            CredentialEvent.of(CredentialEvent.Type.DELIVERED, NOW, "node-1", "c1")
                .of("shop", "cart")
                .pod("cart-0", "pod-1")
                .on("node-1")
                .under("a-1", 3)
                .key("ASIA1", END, null)
                .session("shop.cart-123")
                .servedFrom(ServedFrom.MEMORY)
                .build());
  }

  @Test
  void recordsThatAnEdgeIsCutOffAndThatItIsBack() {
    log.take(
        "c1",
        "node-1",
        List.of(new NodeEvent.StalenessExceeded(NOW), new NodeEvent.StalenessEnded(END)));

    assertThat(events)
        .containsExactly(
            CredentialEvent.of(CredentialEvent.Type.STALENESS_EXCEEDED, NOW, "node-1", "c1")
                .on("node-1")
                .build(),
            CredentialEvent.of(CredentialEvent.Type.STALENESS_ENDED, END, "node-1", "c1")
                .on("node-1")
                .build());
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void givesWhatIsReportedAgainTheSameId() {
    log.take("c1", "node-1", List.of(delivered("pod-1", "ASIA1", NOW)));
    log.take("c1", "node-1", List.of(delivered("pod-1", "ASIA1", END)));

    assertThat(ids).hasSize(2);
    assertThat(ids.getFirst()).isEqualTo(ids.getLast());
  }

  @Test
  void givesEachPodKeyNodeAndClusterAnotherId() {
    log.take("c1", "node-1", List.of(delivered("pod-1", "ASIA1", NOW)));
    log.take("c1", "node-1", List.of(delivered("pod-2", "ASIA1", NOW)));
    log.take("c1", "node-1", List.of(delivered("pod-1", "ASIA2", NOW)));
    log.take("c1", "node-2", List.of(delivered("pod-1", "ASIA1", NOW)));
    log.take("c2", "node-1", List.of(delivered("pod-1", "ASIA1", NOW)));

    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void takesWhatThereIsRoomForInItsOrder() {
    room = 2;

    int taken =
        log.take(
            "c1",
            "node-1",
            List.of(
                delivered("pod-1", "ASIA1", NOW),
                delivered("pod-2", "ASIA1", NOW),
                delivered("pod-3", "ASIA1", NOW)));

    assertThat(taken).isEqualTo(2);
    assertThat(events).extracting(CredentialEvent::podUid).containsExactly("pod-1", "pod-2");
  }

  private static NodeEvent delivered(String podUid, String accessKeyId, Instant at) {
    return new NodeEvent.Delivered(
        at,
        "shop",
        "cart",
        "cart-0",
        podUid,
        "a-1",
        3L,
        accessKeyId,
        END,
        "shop.cart-123",
        ServedFrom.MEMORY);
  }
}
