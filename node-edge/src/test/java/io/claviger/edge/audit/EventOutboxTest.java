package io.claviger.edge.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.schemas.bus.NodeEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class EventOutboxTest {

  private final AtomicInteger dropped = new AtomicInteger();
  private final EventOutbox events = new EventOutbox(3, dropped::incrementAndGet);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(EventOutbox.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(log);
  }

  @Test
  void keepWhatIsNotTakenInItsOrder() {
    add(1, 2, 3);

    assertThat(events.oldest(2)).isEqualTo(numbered(1, 2));
    assertThat(events.oldest(10)).isEqualTo(numbered(1, 2, 3));
    events.taken(2);
    assertThat(events.oldest(10)).isEqualTo(numbered(3));
  }

  @Test
  void dropWhatDoesNotFitAndCountIt() {
    add(1, 2, 3, 4, 5);

    assertThat(events.oldest(10)).isEqualTo(numbered(1, 2, 3));
    assertThat(dropped).hasValue(2);
  }

  @Test
  void sayThatTheyDropOnceASpell() {
    add(1, 2, 3, 4, 5);
    assertThat(log.list).hasSize(1);

    events.taken(0);
    assertThat(log.list).hasSize(1);
    events.taken(1);
    add(6, 7);

    assertThat(log.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "brokers accept no audit events, new events are dropped",
            "brokers accept audit events again",
            "brokers accept no audit events, new events are dropped");
  }

  private void add(int... numbers) {
    numbered(numbers).forEach(events::add);
  }

  private static List<NodeEvent> numbered(int... numbers) {
    return IntStream.of(numbers)
        .<NodeEvent>mapToObj(i -> new NodeEvent.StalenessExceeded(Instant.ofEpochSecond(i)))
        .toList();
  }
}
