package io.claviger.config.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BridgeFramesTest {

  private final List<BridgeFrame> frames = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final Handler<Buffer> parser = BridgeFrames.parser(frames::add, broken::add);

  private static final Buffer BODY =
      Buffer.buffer("{\"token\":\"é€😀\"}", StandardCharsets.UTF_8.name());

  private static BridgeFrame read(Buffer bytes) {
    List<BridgeFrame> one = new ArrayList<>(1);
    BridgeFrames.parser(
            one::add,
            reason -> {
              throw new AssertionError(reason);
            })
        .handle(bytes);
    return one.getFirst();
  }

  private static Buffer frame(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
  }

  static Stream<Buffer> encoded() {
    return Stream.of(
        BridgeFrames.encode(BridgeFrames.PING),
        BridgeFrames.encode(BridgeFrames.REGISTER, "node.1", null, null),
        BridgeFrames.encode(BridgeFrames.SEND, "credentials", "reply-1", BODY),
        BridgeFrames.encodeError("reply-1", "no"),
        BridgeFrames.encodeError(null, "no"));
  }

  @ParameterizedTest
  @MethodSource("encoded")
  void areReadAsTheyWereWrittenInWhateverPiecesTheyCome(Buffer bytes) {
    BridgeFrame whole = read(bytes);
    for (int size = 1; size <= bytes.length(); size++) {
      frames.clear();
      for (int from = 0; from < bytes.length(); from += size) {
        parser.handle(bytes.getBuffer(from, Math.min(from + size, bytes.length())));
      }

      assertThat(frames).hasSize(1);
      assertThat(frames.getFirst()).isEqualTo(whole);
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void areJsonAsTheBridgeOfVertxWritesIt() {
    Buffer bytes = BridgeFrames.encode(BridgeFrames.SEND, "a", "r", Buffer.buffer("{}"));

    assertThat(bytes.getInt(0)).isEqualTo(bytes.length() - 4);
    assertThat(bytes.getString(4, bytes.length()))
        .isEqualTo(
            """
            {"type":"send","address":"a","replyAddress":"r","body":{}}""");
  }

  @Test
  void sayWhatIsPresentAndNothingElse() {
    parser.handle(BridgeFrames.encode(BridgeFrames.SEND, "a", "r", BODY));
    parser.handle(BridgeFrames.encode(BridgeFrames.PONG));
    parser.handle(BridgeFrames.encodeError("r", "no"));

    assertThat(frames)
        .containsExactly(
            new BridgeFrame("send", "a", "r", null, BODY),
            new BridgeFrame("pong", null, null, null, null),
            new BridgeFrame("err", "r", null, "no", null));
  }

  @Test
  void areReadWhateverElseTheySayAndInWhateverOrder() {
    parser.handle(
        frame(
            """
            {"body" : { "a\\"}": [{"b": "}"}], "type": "x" } , "headers":{"type":"y"},
            "address":7,"replyAddress":{"a":[1]},"new":[[{}]],"message":null,"type":"send"}"""));
    parser.handle(frame("{\"body\":[1],\"type\":{\"type\":\"x\"}}"));

    assertThat(frames)
        .containsExactly(
            new BridgeFrame(
                "send",
                null,
                null,
                null,
                Buffer.buffer("{ \"a\\\"}\": [{\"b\": \"}\"}], \"type\": \"x\" }")),
            new BridgeFrame("", null, null, null, null));
  }

  @Test
  void areReadOneAfterTheOtherFromOneBuffer() {
    parser.handle(frame("{\"type\":\"a\"}").appendBuffer(frame("{\"type\":\"b\"}")).appendInt(2));
    parser.handle(Buffer.buffer("{}"));

    assertThat(frames).extracting(BridgeFrame::type).containsExactly("a", "b", "");
  }

  @Test
  void sayNothingOfTheirBody() {
    assertThat(read(BridgeFrames.encodeMessage("r", BODY)).toString()).doesNotContain("token");
  }

  @Test
  void areRefusedInAnotherEncoding() {
    byte[] utf16 = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_16);
    parser.handle(Buffer.buffer().appendInt(utf16.length).appendBytes(utf16));

    assertThat(broken).containsExactly("a frame that is not a JSON object");
    assertThat(frames).isEmpty();
  }

  @Test
  void mayBeAsLongAsTheLimitAndNoLonger() {
    assertThat(BusProtocol.MAX_FRAME_BYTES).isEqualTo(64 * 1024);
    String longest = "{\"a\":\"" + "x".repeat(BusProtocol.MAX_FRAME_BYTES - 8) + "\"}";

    parser.handle(frame(longest));
    assertThat(frames).hasSize(1);
    parser.handle(frame(longest + " "));

    assertThat(frames).hasSize(1);
    assertThat(broken).containsExactly("a frame of 65537 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void areRefusedByTheirLengthBeforeAnyOfItIsRead(int length) {
    parser.handle(Buffer.buffer().appendInt(length));

    assertThat(broken).containsExactly("a frame of " + length + " bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"text\"", "null", "{", "nonsense", "{} {}", "\0"})
  void areRefusedWhenTheyAreNoJsonObject(String text) {
    parser.handle(frame(text));

    assertThat(broken).containsExactly("a frame that is not a JSON object");
    assertThat(frames).isEmpty();
  }

  @Test
  void areNotReadBehindOneThatIsBroken() {
    parser.handle(Buffer.buffer().appendInt(-1).appendBuffer(frame("{}")));
    parser.handle(frame("{}"));
    parser.handle(Buffer.buffer().appendInt(-1));

    assertThat(broken).hasSize(1);
    assertThat(frames).isEmpty();
  }
}
