package io.claviger.schemas.bus;

/** How urgent a session is. The constants are in the order in which sessions are opened. */
public enum RequestPriority {
  /** A pod waits without a session. */
  FIRST,
  /** The pods' current session expires soon. */
  NEAR_EXPIRY,
  /** A refresh ahead of expiry. */
  ROUTINE
}
