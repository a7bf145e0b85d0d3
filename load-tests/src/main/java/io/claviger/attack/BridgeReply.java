package io.claviger.attack;

import io.vertx.core.json.JsonObject;

/** The answer of a broker's bridge to a frame. */
sealed interface BridgeReply {

  /**
   * A frame. {@link #toString()} hides the body.
   *
   * @param type of {@link io.claviger.config.bridge.BridgeFrames}
   * @param message of an error; otherwise empty
   * @param body may be empty
   */
  record Frame(String type, String message, JsonObject body) implements BridgeReply {
    @Override
    public String toString() {
      return type + " " + message + body.getString("type", "") + " " + body.getString("reason", "");
    }
  }

  /** No frame: the connection ended. */
  record Ended(Ending how) implements BridgeReply {}

  /**
   * An answer, and the later end of the connection.
   *
   * @param after how the connection ended; open where the broker kept it
   */
  record Last(BridgeReply reply, Ending after) {}

  /**
   * An answer, and whether the connection still works.
   *
   * @param ping the answer to a later ping
   */
  record GoesOn(BridgeReply reply, BridgeReply ping) {}

  /** Whether it is an error frame whose message contains this text. */
  default boolean isError(String part) {
    return this instanceof Frame(var type, var message, var body)
        && type.equals("err")
        && message.contains(part);
  }

  /** Whether it is an answer with a body. */
  default boolean isAnswer() {
    return this instanceof Frame(var type, var message, var body)
        && type.equals("message")
        && !body.isEmpty();
  }

  /** A field of the body that is a text; empty where there is none. */
  default String field(String name) {
    return this instanceof Frame frame && frame.body().getValue(name) instanceof String text
        ? text
        : "";
  }
}
