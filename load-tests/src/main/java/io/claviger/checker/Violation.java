package io.claviger.checker;

/**
 * An answer that was not allowed.
 *
 * @param kind the rule that it broke
 * @param text the answer and what would have been right; contains no secret
 */
public record Violation(Kind kind, String text) {

  /** The rules. */
  public enum Kind {
    /** A pod got credentials from the edge of a node to which its token is not bound. */
    ANOTHER_NODE,
    /** STS has issued no such session. */
    UNKNOWN_SESSION,
    /** The session had expired. */
    EXPIRED_SESSION,
    /** The session has a role that the service account never had, or did not have yet. */
    ROLE_NOT_GIVEN,
    /** The session's tags name another service account. */
    ANOTHERS_SESSION,
    /** The session has an old role, and an edge's time to serve that role is over. */
    OLD_ROLE,
    /** The edge refused a service account that has a role. */
    WRONG_REFUSAL
  }
}
