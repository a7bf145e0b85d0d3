package io.claviger.checker;

/**
 * An answer that was not allowed.
 *
 * @param kind which rule it broke
 * @param text what was answered and what would have been right; no secret
 */
public record Violation(Kind kind, String text) {

  /** The rules. */
  public enum Kind {
    /** A pod got credentials from the edge of another node than its token is bound to. */
    ANOTHER_NODE,
    /** STS has issued no such session. */
    UNKNOWN_SESSION,
    /** The session was over. */
    EXPIRED_SESSION,
    /** The session is of a role that the service account was never given, or not yet. */
    ROLE_NOT_GIVEN,
    /** The session's tags name another service account. */
    ANOTHERS_SESSION,
    /** Another role was acknowledged longer ago than an edge may go on with the old one. */
    OLD_ROLE,
    /** A service account that has a role was told that it may have none. */
    WRONG_REFUSAL
  }
}
