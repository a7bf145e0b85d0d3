package io.claviger.config.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeadLinesTest {

  private final AtomicInteger cutOffs = new AtomicInteger();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new HeadLines(cutOffs::incrementAndGet));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private boolean passes(String bytes) {
    ByteBuf sent = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    boolean passed = channel.writeInbound(sent);
    while (channel.inboundMessages().poll() instanceof ByteBuf read) {
      read.release();
    }
    assertThat(sent.refCnt()).as("what is dropped is released").isZero();
    return passed;
  }

  private static String head(int headers) {
    return "GET / HTTP/1.1\r\n" + "X:\r\n".repeat(headers);
  }

  @Test
  void letsHeadsOfSomeLinesThroughOneAfterTheOther() {
    for (int i = 0; i < 5; i++) {
      assertThat(passes(head(HeadLines.MOST - 1) + "\r\n")).isTrue();
    }
    assertThat(passes((head(60) + "\r\n").repeat(5))).isTrue();
    assertThat(passes((head(60) + "\r\n").replace("\r", "").repeat(5))).isTrue();

    assertThat(cutOffs).hasValue(0);
  }

  @Test
  void cutsOffWhoSendsManyRequestsAtOnce() {
    String request = head(9) + "\r\n";
    for (int i = 0; i < 50; i++) {
      assertThat(passes(request)).isTrue();
    }
    assertThat(passes(request.repeat(30))).isTrue();

    assertThat(passes(request.repeat(50))).isFalse();
    assertThat(cutOffs).hasValue(1);
  }

  @Test
  void cutsOffOnceWhoSendsMore() {
    assertThat(passes(head(HeadLines.MOST))).isFalse();
    assertThat(passes(head(HeadLines.MOST))).isFalse();
    assertThat(passes("\r\n\r\n")).isFalse();

    assertThat(cutOffs).hasValue(1);
  }

  @Test
  void countsLinesThatComeByteByByte() {
    String head = head(HeadLines.MOST);
    for (int at = 0; at < head.length() - 1; at++) {
      assertThat(passes(head.substring(at, at + 1))).isTrue();
    }
    assertThat(cutOffs).hasValue(0);

    assertThat(passes("\n")).isFalse();
    assertThat(cutOffs).hasValue(1);
  }

  /** The decoder does not either: it would go on to fill the same head. */
  @Test
  void takesNoLineOfReturnsForTheEndOfAHead() {
    assertThat(passes("X:\r\n\r\r\n".repeat(HeadLines.MOST / 2))).isTrue();
    assertThat(passes("\r")).isTrue();
    assertThat(passes("\r\n")).isFalse();

    assertThat(cutOffs).hasValue(1);
  }
}
