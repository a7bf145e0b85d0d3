package io.claviger.config.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class UnexpectedFailuresTest {

  private final AtomicLong now = new AtomicLong();
  private final Logger logger = (Logger) LoggerFactory.getLogger(UnexpectedFailures.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void end() {
    logger.detachAppender(lines);
  }

  @Test
  void areLoggedOnceAMinuteWithTheirNumber() {
    UnexpectedFailures failures = new UnexpectedFailures(now::get);
    for (int i = 0; i < 1_000; i++) {
      failures.saw("a request", new IllegalStateException());
    }
    assertThat(lines.list).hasSize(1);

    now.addAndGet(Duration.ofMinutes(1).toNanos());
    failures.saw("a request", new IllegalStateException());
    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.getLast().getKeyValuePairs().toString()).contains("count=\"1000\"");
  }

  @Test
  void sayWhereAndNotWhat() {
    new UnexpectedFailures(now::get)
        .saw("a request", new IllegalStateException("token e30.secret"));

    String line = lines.list.getFirst().getKeyValuePairs().toString();
    assertThat(line).contains("UnexpectedFailuresTest").contains("IllegalStateException");
    assertThat(line + lines.list.getFirst().getFormattedMessage()).doesNotContain("secret");
    assertThat(lines.list.getFirst().getThrowableProxy()).isNull();
  }
}
