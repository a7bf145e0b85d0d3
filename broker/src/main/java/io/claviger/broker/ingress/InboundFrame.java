package io.claviger.broker.ingress;

import io.claviger.config.bridge.BridgeFrame;
import io.claviger.config.bridge.BridgeFrames;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The used parts of an edge's frame. The sender is the session of the connection.
 *
 * @param type empty when the frame has none
 * @param replyAddress null also when it is longer than {@value #MAX_REPLY_ADDRESS} characters
 * @param body an empty object when the frame has none
 */
record InboundFrame(
    String type, @Nullable String address, @Nullable String replyAddress, Buffer body) {

  static final int MAX_REPLY_ADDRESS = 200;

  private static final Buffer NONE = Buffer.buffer("{}");

  static InboundFrame of(BridgeFrame frame) {
    String replyAddress = text(frame.replyAddress());
    return new InboundFrame(
        frame.type(),
        text(frame.address()),
        replyAddress == null || replyAddress.length() > MAX_REPLY_ADDRESS ? null : replyAddress,
        frame.body() == null ? NONE : frame.body());
  }

  /** Returns the answer to this frame; an error frame when the body is too long. */
  Buffer answer(Buffer body) {
    Buffer answer = BridgeFrames.encodeMessage(replyAddress, body);
    return EdgeSocket.fits(answer) ? answer : error("the answer is longer than a frame");
  }

  /** Returns an error frame as the answer to this frame. */
  Buffer error(String message) {
    return BridgeFrames.encodeError(replyAddress, message);
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
