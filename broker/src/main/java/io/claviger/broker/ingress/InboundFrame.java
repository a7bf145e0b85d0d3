package io.claviger.broker.ingress;

import io.claviger.config.bridge.BridgeFrames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an edge's frame counts. Headers do not: identity is stamped, never taken.
 *
 * @param type empty when the frame has none
 * @param replyAddress absent also when it is longer than {@value #MAX_REPLY_ADDRESS} characters
 * @param body an empty object when the frame has none
 */
record InboundFrame(
    String type, @Nullable String address, @Nullable String replyAddress, JsonObject body) {

  static final int MAX_REPLY_ADDRESS = 200;

  static InboundFrame of(JsonObject frame) {
    String type = text(frame, "type");
    String replyAddress = text(frame, "replyAddress");
    return new InboundFrame(
        type == null ? "" : type,
        text(frame, "address"),
        replyAddress == null || replyAddress.length() > MAX_REPLY_ADDRESS ? null : replyAddress,
        frame.getValue("body") instanceof JsonObject body ? body : new JsonObject());
  }

  /** The frame that answers this one; an error frame when the body does not fit. */
  Buffer answer(@Nullable JsonObject body) {
    Buffer answer = BridgeFrames.encode(BridgeFrames.MESSAGE, replyAddress, null, Map.of(), body);
    return EdgeSocket.fits(answer) ? answer : error("the answer does not fit into a frame");
  }

  /** The frame that says why this one has no answer. */
  Buffer error(String message) {
    return BridgeFrames.encodeError(replyAddress, message);
  }

  private static @Nullable String text(JsonObject frame, String field) {
    return frame.getValue(field) instanceof String text && !text.isBlank() ? text : null;
  }
}
