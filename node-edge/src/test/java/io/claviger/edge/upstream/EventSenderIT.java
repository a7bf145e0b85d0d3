package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.edge.audit.EventOutbox;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.NodeEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventSenderIT {

  @TempDir private Path directory;
  private UpstreamRig rig;
  private final EventOutbox outbox = new EventOutbox(1_000, () -> {});

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void tellsABrokerWhatHappenedInFramesThatFitAndForgetsIt() throws Exception {
    FakeBroker broker = rig.broker();
    List<NodeEvent> happened = happen(2 * NodeEvents.MAX_EVENTS + 1);

    sender(rig.connect(rig.options(broker)));

    await().until(() -> outbox.size() == 0);
    assertThat(broker.nodeEvents).isEqualTo(happened);
    assertThat(broker.sentTo(BusProtocol.NODE_EVENTS)).hasSize(3);
    assertThat(rig.registry.get("claviger.edge.audit.events").tag("result", "taken").counter())
        .extracting(counter -> counter.count())
        .isEqualTo((double) happened.size());
  }

  @Test
  void keepsWhatHappensWhileNoBrokerIsThereAndTellsItAfterwards() throws Exception {
    FakeBroker broker = rig.broker();
    broker.refusesLogins = true;
    sender(rig.connect(rig.options(broker)));
    List<NodeEvent> happened = happen(70);
    await().until(() -> broker.logins().size() >= 2);
    assertThat(outbox.size()).isEqualTo(70);

    broker.refusesLogins = false;

    await().until(() -> outbox.size() == 0);
    assertThat(broker.nodeEvents).isEqualTo(happened);
  }

  @Test
  void keepsWhatABrokerHasNoRoomFor() throws Exception {
    FakeBroker broker = rig.broker();
    broker.takes = reported -> Math.min(3, reported.size());
    List<NodeEvent> happened = happen(10);

    sender(rig.connect(rig.options(broker)));

    await().until(() -> outbox.size() == 0);
    assertThat(broker.nodeEvents).isEqualTo(happened);
  }

  @Test
  void tellsTheOtherBrokerWhatTheFirstDoesNotKnowOrNotAnswer() throws Exception {
    FakeBroker older = rig.broker();
    FakeBroker newer = rig.broker();
    older.takes = null;
    BrokerLinks links = rig.connect(rig.options(older, newer));
    await().until(() -> links.connections() == 2);
    sender(links);

    List<NodeEvent> happened = happen(2);
    await().until(() -> outbox.size() == 0);
    assertThat(newer.nodeEvents).isEqualTo(happened);

    older.takes = List::size;
    newer.takes = reported -> -1;
    happen(1);
    await().atMost(Duration.ofSeconds(10)).until(() -> outbox.size() == 0);
    assertThat(older.nodeEvents).hasSize(1);
  }

  @Test
  void tellsAgainWhatWasNotAcknowledged() throws Exception {
    FakeBroker broker = rig.broker();
    broker.takes = reported -> -1;
    BrokerLinks links = rig.connect(rig.options(broker));
    sender(links);
    happen(1);
    await().until(() -> broker.sentTo(BusProtocol.NODE_EVENTS).size() == 1);

    broker.takes = List::size;
    broker.cutOff();

    await().until(() -> outbox.size() == 0);
    assertThat(broker.nodeEvents).hasSize(1);
    assertThat(broker.sentTo(BusProtocol.NODE_EVENTS)).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void flushesWhatWaitsAndWaitsNoLongerThanItMay() throws Exception {
    FakeBroker broker = rig.broker();
    EventSender sender = sender(rig.connect(rig.options(broker)));
    await().until(() -> broker.logins().size() == 1);
    happen(1);

    UpstreamRig.await(sender.flush(Duration.ofSeconds(5)));
    assertThat(broker.nodeEvents).hasSize(1);

    broker.takes = reported -> -1;
    happen(1);
    long started = System.nanoTime();
    UpstreamRig.await(sender.flush(Duration.ofMillis(300)));
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
    assertThat(outbox.size()).isEqualTo(1);
  }

  private EventSender sender(BrokerLinks links) {
    EventSender sender =
        new EventSender(
            rig.vertx, rig.context, links, outbox, () -> 0.5, System::nanoTime, rig.meters);
    sender.start();
    return sender;
  }

  private List<NodeEvent> happen(int count) {
    List<NodeEvent> events =
        IntStream.range(0, count)
            .<NodeEvent>mapToObj(i -> new NodeEvent.StalenessExceeded(Instant.ofEpochSecond(i)))
            .toList();
    events.forEach(outbox::add);
    return events;
  }
}
