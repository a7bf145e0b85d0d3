package io.claviger.config.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BridgeFramesTest {

  private final List<JsonObject> frames = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final Handler<Buffer> parser = BridgeFrames.parser(frames::add, broken::add);

  private static Buffer frame(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
  }

  static Stream<Buffer> encoded() {
    return Stream.of(
        BridgeFrames.encode(BridgeFrames.PING, null, null, Map.of(), null),
        BridgeFrames.encode(BridgeFrames.REGISTER, "node.1", null, Map.of(), null),
        BridgeFrames.encode(
            BridgeFrames.SEND,
            "credentials",
            "reply-1",
            Map.of("lane", "first"),
            new JsonObject().put("token", "é€😀")),
        BridgeFrames.encodeError("reply-1", "no"),
        BridgeFrames.encodeError(null, "no"));
  }

  @ParameterizedTest
  @MethodSource("encoded")
  void areReadAsTheyWereWrittenInWhateverPiecesTheyCome(Buffer bytes) {
    for (int size = 1; size <= bytes.length(); size++) {
      frames.clear();
      for (int from = 0; from < bytes.length(); from += size) {
        parser.handle(bytes.getBuffer(from, Math.min(from + size, bytes.length())));
      }

      assertThat(frames).hasSize(1);
      assertThat(frames.getFirst().toBuffer().toString())
          .isEqualTo(bytes.getString(4, bytes.length()));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void sayWhatIsPresentAndNothingElse() {
    parser.handle(
        BridgeFrames.encode(
            BridgeFrames.SEND, "a", "r", Map.of("k", "v"), new JsonObject().put("x", 1)));
    parser.handle(BridgeFrames.encode(BridgeFrames.PONG, null, null, Map.of(), null));
    parser.handle(BridgeFrames.encodeError("r", "no"));

    assertThat(frames)
        .containsExactly(
            new JsonObject(
                """
                {"type":"send","address":"a","replyAddress":"r","headers":{"k":"v"},"body":{"x":1}}
                """),
            new JsonObject("{\"type\":\"pong\"}"),
            new JsonObject("{\"type\":\"err\",\"message\":\"no\",\"address\":\"r\"}"));
  }

  @Test
  void areReadOneAfterTheOtherFromOneBuffer() {
    parser.handle(frame("{\"a\":1}").appendBuffer(frame("{\"b\":2}")).appendInt(2));
    parser.handle(Buffer.buffer("{}"));

    assertThat(frames)
        .containsExactly(
            new JsonObject().put("a", 1), new JsonObject().put("b", 2), new JsonObject());
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
