package io.claviger.config.bridge;

import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Frames of the Vert.x TCP event-bus bridge: a big-endian int32 length and that many bytes of JSON,
 * {@code {"type","address","replyAddress","body"}}.
 */
public final class BridgeFrames {

  /** Client to server: deliver to an address, with a reply address if an answer is expected. */
  public static final String SEND = "send";

  /** Client to server: push every message to an address. */
  public static final String REGISTER = "register";

  /** Client to server: request a sign of life. */
  public static final String PING = "ping";

  /** Server to client: a message to an address; of a reply, the reply address. */
  public static final String MESSAGE = "message";

  /** Server to client: a request failed; the address is the reply address. */
  public static final String ERROR = "err";

  /** Server to client: the answer to a ping. */
  public static final String PONG = "pong";

  /** Replaces the brace that ends the frame; a type precedes it. */
  private static final Buffer BODY = Buffer.buffer(",\"body\":");

  private BridgeFrames() {}

  /**
   * Encodes a frame.
   *
   * @param type one of the constants here
   * @param address the address, if the type has one
   * @param replyAddress where the answer goes
   * @param body the record's JSON text, an object
   */
  public static Buffer encode(
      String type, @Nullable String address, @Nullable String replyAddress, @Nullable Buffer body) {
    JsonObject frame = new JsonObject().put("type", type);
    if (address != null) {
      frame.put("address", address);
    }
    if (replyAddress != null) {
      frame.put("replyAddress", replyAddress);
    }
    return body == null ? encode(frame) : encode(frame, body);
  }

  /** Encodes a frame with an answer or a push. */
  public static Buffer encodeMessage(@Nullable String address, @Nullable Buffer body) {
    return encode(MESSAGE, address, null, body);
  }

  /** Encodes a frame with its type only. */
  public static Buffer encode(String type) {
    return encode(type, null, null, null);
  }

  /** Encodes an error frame. */
  public static Buffer encodeError(@Nullable String address, String message) {
    JsonObject frame = new JsonObject().put("type", ERROR).put("message", message);
    if (address != null) {
      frame.put("address", address);
    }
    return encode(frame);
  }

  private static Buffer encode(JsonObject frame) {
    Buffer json = frame.toBuffer();
    return Buffer.buffer(4 + json.length()).appendInt(json.length()).appendBuffer(json);
  }

  /**
   * Appends the body as the last field, so that a body that is text already is not parsed again.
   */
  private static Buffer encode(JsonObject frame, Buffer body) {
    Buffer json = frame.toBuffer();
    int length = json.length() + BODY.length() + body.length();
    return Buffer.buffer(4 + length)
        .appendInt(length)
        .appendBuffer(json, 0, json.length() - 1)
        .appendBuffer(BODY)
        .appendBuffer(body)
        .appendByte((byte) '}');
  }

  /**
   * Returns a parser to set as a socket's handler. It rejects a length that is negative, zero or
   * over {@link BusProtocol#MAX_FRAME_BYTES}, and bytes that are no JSON object. It then calls
   * {@code broken} once with a reason and reads nothing more, because the stream cannot be
   * resynchronized.
   */
  public static Handler<Buffer> parser(Handler<BridgeFrame> frames, Handler<String> broken) {
    return new Parser(frames, broken);
  }

  private static final class Parser implements Handler<Buffer> {
    private final RecordParser records = RecordParser.newFixed(Integer.BYTES);
    private final Handler<BridgeFrame> frames;
    private final Handler<String> broken;
    private boolean readingLength = true;
    private boolean ended;

    Parser(Handler<BridgeFrame> frames, Handler<String> broken) {
      this.frames = frames;
      this.broken = broken;
      records.handler(this::record);
    }

    @Override
    public void handle(Buffer bytes) {
      if (!ended) {
        records.handle(bytes);
      }
    }

    private void record(Buffer record) {
      if (ended) {
        return;
      }
      if (readingLength) {
        int length = record.getInt(0);
        if (length <= 0 || length > BusProtocol.MAX_FRAME_BYTES) {
          end("a frame of " + length + " bytes");
          return;
        }
        readingLength = false;
        records.fixedSizeMode(length);
        return;
      }
      readingLength = true;
      records.fixedSizeMode(Integer.BYTES);
      BridgeFrame frame;
      try {
        frame = BridgeFrame.read(record);
      } catch (IOException e) {
        end("a frame that is not a JSON object");
        return;
      }
      frames.handle(frame);
    }

    private void end(String reason) {
      ended = true;
      broken.handle(reason);
    }
  }
}
