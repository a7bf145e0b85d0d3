package io.claviger.config.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.schemas.SchemaJson;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The stream of frames between an edge and a broker, as any client can send it. */
final class BridgeFramesFuzzTest {

  static Stream<byte[]> streams() {
    Buffer body = Buffer.buffer("{\"version\":2,\"token\":\"t\u00e4\"}");
    Buffer frame = BridgeFrames.encode(BridgeFrames.SEND, "claviger.login", "r-1", body);
    return Stream.of(
            frame,
            frame.copy().appendBuffer(BridgeFrames.encode(BridgeFrames.PING)),
            BridgeFrames.encodeError("r-1", "no"),
            BridgeFrames.encodeMessage(null, null),
            framed("{\"type\":\"send\",\"body\":{\"a\":{}},\"body\":{\"b\":[1]},\"address\":1}"),
            framed("\ufeff{\"type\":\"send\",\"body\":{\"a\":1}}"),
            framed(" \n{\"x\":[{}],\"type\":\"ping\"} "))
        .map(Buffer::getBytes);
  }

  /** The frames that are read do not depend on how the network splits the bytes. */
  @MethodSource("streams")
  @FuzzTest
  void areFramesUntilTheyAreBrokenForGood(byte[] input) {
    Read whole = new Read(new ArrayList<>(), new ArrayList<>());
    whole.read(Buffer.buffer(input));
    Read inPieces = new Read(new ArrayList<>(), new ArrayList<>());
    for (int at = 0, length; at < input.length; at += length) {
      length = Math.min(1 + (input[at] & 7), input.length - at);
      inPieces.read(Buffer.buffer().appendBytes(input, at, length));
    }

    assertThat(inPieces.frames).isEqualTo(whole.frames);
    assertThat(inPieces.broken).isEqualTo(whole.broken).hasSizeLessThan(2);
    whole.frames.forEach(BridgeFramesFuzzTest::assertIsReadAsItIsWritten);
  }

  private static void assertIsReadAsItIsWritten(BridgeFrame frame) {
    if (frame.body() != null) {
      assertThat(isObject(frame.body())).as("%s", frame.body()).isTrue();
    }
    Read again = new Read(new ArrayList<>(), new ArrayList<>());
    again.read(
        BridgeFrames.encode(frame.type(), frame.address(), frame.replyAddress(), frame.body()));
    assertThat(again.broken).isEmpty();
    assertThat(again.frames)
        .containsExactly(
            new BridgeFrame(
                frame.type(), frame.address(), frame.replyAddress(), null, frame.body()));
  }

  private static boolean isObject(Buffer body) {
    try {
      return SchemaJson.read(body.getBytes(), JsonNode.class).isObject();
    } catch (SchemaJson.MalformedRecordException e) {
      return false;
    }
  }

  private static Buffer framed(String json) {
    Buffer text = Buffer.buffer(json);
    return Buffer.buffer().appendInt(text.length()).appendBuffer(text);
  }

  private static final class Read {
    private final List<BridgeFrame> frames;
    private final List<String> broken;
    private final Handler<Buffer> parser;

    Read(List<BridgeFrame> frames, List<String> broken) {
      this.frames = frames;
      this.broken = broken;
      this.parser = BridgeFrames.parser(frames::add, broken::add);
    }

    void read(Buffer bytes) {
      parser.handle(bytes);
    }
  }
}
