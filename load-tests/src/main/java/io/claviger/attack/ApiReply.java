package io.claviger.attack;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came of a request to a broker over HTTP. */
sealed interface ApiReply {

  Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [^\\r\\n]*\\r\\n");

  /**
   * It was answered. {@link #toString()} shows no body, which may hold a session, but an error's
   * message.
   *
   * @param head status line and headers
   * @param body as it came
   */
  record Answered(int status, String head, String body) implements ApiReply {
    @Override
    public String toString() {
      return status >= 400 ? status + " " + body.strip() : status + ", " + body.length() + " bytes";
    }
  }

  /** There was no answer. */
  record Ended(Ending how) implements ApiReply {}

  /** Of a connection that the other side was asked to close after its answer. */
  static ApiReply of(Ending ending) {
    Matcher status = STATUS.matcher(ending.said());
    int headEnd = ending.said().indexOf("\r\n\r\n");
    return status.lookingAt() && headEnd > 0
        ? new Answered(
            Integer.parseInt(status.group(1)),
            ending.said().substring(0, headEnd),
            ending.said().substring(headEnd + 4))
        : new Ended(ending);
  }

  /** Whether it was answered with that status. */
  default boolean is(int status) {
    return this instanceof Answered answered && answered.status() == status;
  }

  /** Whether it was refused with that status and AWS's error name, in head and body. */
  default boolean is(int status, String code) {
    return is(status)
        && this instanceof Answered answered
        && answered.header("x-amzn-errortype").equals(code)
        && code.equals(json().getString("code"));
  }

  /** A header's value; empty where there is none. */
  default String header(String name) {
    return this instanceof Answered answered
        ? List.of(answered.head().split("\r\n", -1)).stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
            .map(line -> line.substring(name.length() + 1).strip())
            .findFirst()
            .orElse("")
        : "";
  }

  /** A list in the body; empty where there is none. */
  default JsonArray list(String name) {
    return json().getValue(name) instanceof JsonArray list ? list : new JsonArray();
  }

  /** The body; empty where it is no object. */
  default JsonObject json() {
    try {
      return this instanceof Answered answered ? new JsonObject(answered.body()) : new JsonObject();
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }
}
