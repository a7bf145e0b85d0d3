package io.claviger.attack;

import io.claviger.schemas.Check;
import java.util.function.Predicate;

/** What an edge does on a connection of who asks it. */
sealed interface PodReply {

  /** The codes of refusals, in the body. */
  String INVALID_TOKEN = "InvalidTokenException";

  String EXPIRED_TOKEN = "ExpiredTokenException";
  String DENIED = "AccessDeniedException";
  String NOT_FOUND = "ResourceNotFoundException";
  String INVALID_REQUEST = "InvalidRequestException";
  String UNAVAILABLE = "ServiceUnavailableException";

  /**
   * It answers.
   *
   * @param status of HTTP
   * @param body of the answer
   */
  record Answered(int status, String body) implements PodReply {
    public Answered {
      Check.present(body, "body");
    }

    /** A member of the body that is a text; empty where there is none. */
    String field(String name) {
      String start = "\"" + name + "\":\"";
      int at = body.indexOf(start);
      int end = at < 0 ? -1 : body.indexOf('"', at + start.length());
      return end < 0 ? "" : body.substring(at + start.length(), end);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
      return status == 200
          ? "200 " + field("AccessKeyId")
          : status + " " + field("code") + " " + field("message");
    }
  }

  /** It closes the connection, and has not answered. */
  record Closed() implements PodReply {}

  /** Neither, in more time than it has for either. */
  record Silent() implements PodReply {}

  /** Whether it is this refusal. */
  static Predicate<PodReply> refusal(int status, String code) {
    return reply ->
        reply instanceof Answered answered
            && answered.status() == status
            && answered.field("code").equals(code);
  }

  /** Whether it is this key of a session, the one of who asks. */
  static Predicate<PodReply> served(String accessKeyId) {
    return reply ->
        reply instanceof Answered answered
            && answered.status() == 200
            && answered.field("AccessKeyId").equals(accessKeyId);
  }

  /** Whether credentials were given. */
  static boolean isServed(PodReply reply) {
    return reply instanceof Answered answered && answered.status() == 200;
  }

  /** Whether the connection was closed without an answer. */
  static boolean isClosed(PodReply reply) {
    return reply instanceof Closed;
  }
}
