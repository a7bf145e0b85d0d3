package io.claviger.edge.ingress;

import io.claviger.edge.credential.Upstream;
import io.claviger.schemas.bus.RefusalReason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer without credentials. Java and Go read {@code code}, JavaScript reads {@code Code}, and
 * botocore prints the whole body, so every field exists in both spellings.
 *
 * @param status of HTTP
 * @param code AWS's error name
 * @param message for a person: what is wrong and what to do; no secret
 * @param reason of a refusal, for tools
 */
record Problem(int status, String code, String message, @Nullable RefusalReason reason) {

  static final Problem NOT_FOUND =
      new Problem(404, "ResourceNotFoundException", "only /v1/credentials is served here");
  static final Problem WRONG_METHOD =
      new Problem(405, "InvalidRequestException", "/v1/credentials answers GET only");
  static final Problem HAS_BODY =
      new Problem(413, "InvalidRequestException", "/v1/credentials takes no body");
  static final Problem TOO_LARGE =
      new Problem(431, "InvalidRequestException", "the request's head is too large");
  static final Problem MALFORMED =
      new Problem(400, "InvalidRequestException", "the request is not HTTP/1.1");
  static final Problem NOT_ONE_HOST =
      new Problem(400, "InvalidRequestException", "the request must have exactly one Host header");
  static final Problem WRONG_HOST =
      new Problem(
          403,
          "AccessDeniedException",
          "the Host is not an address of this endpoint: use the endpoint's link-local address");
  static final Problem NO_TOKEN =
      new Problem(
          400,
          "InvalidTokenException",
          "the Authorization header is missing: send the pod's service-account token in it");
  static final Problem FAILED = unavailable("the edge failed: see its log");
  static final Problem OVERLOADED = unavailable("too many requests are under way: try again");
  static final Problem LATE =
      unavailable("this node is overloaded and has read the request too late: try again");
  static final Problem DEADLINE =
      unavailable("the brokers have not answered yet: try again, the edge will cache the answer");

  /** Also sent at the deadline if no broker is connected that could still answer. */
  static final Problem NO_BROKER = unavailable(Upstream.NO_BROKER);

  private Problem(int status, String code, String message) {
    this(status, code, message, null);
  }

  static Problem unavailable(String message) {
    return new Problem(503, "ServiceUnavailableException", message);
  }

  /**
   * Returns a retryable problem, which a 404 is not: the association is missing but may arrive
   * soon.
   */
  static Problem early(String message) {
    return new Problem(503, "ServiceUnavailableException", message, RefusalReason.NO_ASSOCIATION);
  }

  static Problem of(RefusalReason reason, String message) {
    return switch (reason) {
      case INVALID_TOKEN, PREMATURE_TOKEN ->
          new Problem(400, "InvalidTokenException", message, reason);
      case EXPIRED_TOKEN -> new Problem(400, "ExpiredTokenException", message, reason);
      case WRONG_AUDIENCE,
          WRONG_NODE,
          NOT_GRANTED,
          ROLE_REVOKED,
          POD_REVOKED,
          ROLE_DENIED,
          ROLE_MISCONFIGURED ->
          new Problem(403, "AccessDeniedException", message, reason);
      case NO_ASSOCIATION -> new Problem(404, "ResourceNotFoundException", message, reason);
    };
  }

  /**
   * Whether it is the connection's last answer: no valid request can follow, or its place is
   * needed.
   */
  boolean endsConnection() {
    return equals(HAS_BODY)
        || equals(TOO_LARGE)
        || equals(MALFORMED)
        || equals(NOT_ONE_HOST)
        || equals(LATE);
  }

  Buffer body() {
    return new JsonObject()
        .put("code", code)
        .put("message", message)
        .put("Code", code)
        .put("Message", message)
        .toBuffer();
  }
}
