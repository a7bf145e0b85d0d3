package io.claviger.attack;

import io.vertx.core.json.JsonObject;

/** What a broker's bridge answered to a frame. */
sealed interface BridgeReply {

  /**
   * A frame. {@link #toString()} hides the body.
   *
   * @param type of {@link io.claviger.config.bridge.BridgeFrames}
   * @param message of an error; empty where there is none
   * @param body empty where there is none
   */
  record Frame(String type, String message, JsonObject body) implements BridgeReply {
    @Override
    public String toString() {
      return type + " " + message + body.getString("type", "") + " " + body.getString("reason", "");
    }
  }

  /** None: the connection ended. */
  record Ended(Ending how) implements BridgeReply {}

  /**
   * An answer, and what was on the connection after it.
   *
   * @param after how it ended; open where the broker went on with it
   */
  record Last(BridgeReply reply, Ending after) {}

  /**
   * An answer, and whether the connection can be used after it.
   *
   * @param ping what a ping was answered by then
   */
  record GoesOn(BridgeReply reply, BridgeReply ping) {}

  /** Whether it is an error frame whose message has this in it. */
  default boolean isError(String part) {
    return this instanceof Frame(var type, var message, var body)
        && type.equals("err")
        && message.contains(part);
  }

  /** Whether it answers with a body. */
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
