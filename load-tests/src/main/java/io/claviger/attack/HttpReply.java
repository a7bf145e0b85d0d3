package io.claviger.attack;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The result of an HTTP request to a broker or an edge. */
sealed interface HttpReply {

  /** The error codes of refusals, in the body. */
  String INVALID_TOKEN = "InvalidTokenException";

  String EXPIRED_TOKEN = "ExpiredTokenException";
  String DENIED = "AccessDeniedException";
  String NOT_FOUND = "ResourceNotFoundException";
  String INVALID_REQUEST = "InvalidRequestException";
  String UNAVAILABLE = "ServiceUnavailableException";

  Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [^\\r\\n]*\\r\\n");

  /**
   * An answer. {@link #toString()} hides the body, which may have a session. It shows only the
   * access key id and an error's message.
   *
   * @param head status line and headers
   * @param body as received
   */
  record Answered(int status, String head, String body) implements HttpReply {
    @Override
    public String toString() {
      return status >= 400
          ? status + " " + body.strip()
          : status + ", " + body.length() + " bytes " + field("AccessKeyId");
    }
  }

  /** No answer: the connection ended, or is still open. */
  record Ended(Ending how) implements HttpReply {}

  /** The reply on a connection that the other side had to close after its answer. */
  static HttpReply of(Ending ending) {
    Matcher status = STATUS.matcher(ending.said());
    int headEnd = ending.said().indexOf("\r\n\r\n");
    return status.lookingAt() && headEnd > 0
        ? new Answered(
            Integer.parseInt(status.group(1)),
            ending.said().substring(0, headEnd),
            ending.said().substring(headEnd + 4))
        : new Ended(ending);
  }

  /** Whether an edge refused with this status and code. */
  static Predicate<HttpReply> refusal(int status, String code) {
    return reply -> reply.is(status) && reply.field("code").equals(code);
  }

  /** Whether an edge served this access key, the requester's own. */
  static Predicate<HttpReply> served(String accessKeyId) {
    return reply -> reply.isServed() && reply.field("AccessKeyId").equals(accessKeyId);
  }

  /** Whether an edge served credentials. */
  default boolean isServed() {
    return is(200);
  }

  /** Whether the connection was closed without an answer. */
  default boolean isClosed() {
    return this instanceof Ended(Ending.Closed how);
  }

  /** Whether the answer has this status. */
  default boolean is(int status) {
    return this instanceof Answered answered && answered.status() == status;
  }

  /** Whether the answer has this status and AWS's error name, in head and body. */
  default boolean is(int status, String code) {
    return is(status)
        && header("x-amzn-errortype").equals(code)
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

  /** A member of the body that is a text; empty where there is none. */
  default String field(String name) {
    return json().getValue(name) instanceof String text ? text : "";
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
