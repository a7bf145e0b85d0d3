package io.claviger.schemas.bus;

/** How urgent a session is; in the order in which sessions are opened. */
public enum RequestPriority {
  /** A pod waits and has no session. */
  FIRST,
  /** The session that pods have ends soon. */
  NEAR_EXPIRY,
  /** A refresh ahead of time. */
  ROUTINE
}
