package io.claviger.config.bridge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The evaluated fields of a received frame; {@link BridgeFrames} describes the format. Headers are
 * ignored because the login has bound the sender's identity to the connection. A field of the wrong
 * type counts as absent. Of duplicate fields the last one counts.
 *
 * @param type empty if the frame has none
 * @param message the reason of a failure, in a frame of {@link BridgeFrames#ERROR}
 * @param body JSON text of an object, unparsed: its handler parses it once
 */
public record BridgeFrame(
    String type,
    @Nullable String address,
    @Nullable String replyAddress,
    @Nullable String message,
    @Nullable Buffer body) {

  /** Interned names would stay in memory, and any client chooses them. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** Omits the body, which may contain credentials or a token. */
  @Override
  public String toString() {
    return "BridgeFrame[type=" + type + ", address=" + address + "]";
  }

  /**
   * Reads a frame.
   *
   * @param text without the length
   * @throws IOException if the text is not one JSON object in UTF-8
   */
  static BridgeFrame read(Buffer text) throws IOException {
    try (JsonParser json = JSON.createParser(text.getBytes())) {
      require(json, json.nextToken() == JsonToken.START_OBJECT);
      // The parser also reads UTF-16 and UTF-32, but then it has no byte offsets.
      require(json, json.currentTokenLocation().getByteOffset() >= 0);
      String type = "";
      String address = null;
      String replyAddress = null;
      String message = null;
      Buffer body = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "type" -> type = Objects.requireNonNullElse(text(json), "");
          case "address" -> address = text(json);
          case "replyAddress" -> replyAddress = text(json);
          case "message" -> message = text(json);
          case "body" -> body = object(json, text);
          default -> {}
        }
        json.skipChildren();
      }
      require(json, json.nextToken() == null);
      return new BridgeFrame(type, address, replyAddress, message, body);
    }
  }

  private static @Nullable String text(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
  }

  private static @Nullable Buffer object(JsonParser json, Buffer text) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return null;
    }
    long from = json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    return text.getBuffer((int) from, (int) json.currentLocation().getByteOffset());
  }

  private static void require(JsonParser json, boolean met) throws JsonParseException {
    if (!met) {
      throw new JsonParseException(json, "not one JSON object in UTF-8");
    }
  }
}
