package io.claviger.schemas.bus;

/** How urgent a session is; in the order in which sessions are opened. */
public enum Lane {
  /** A pod waits and holds nothing. */
  FIRST,
  /** What is held ends soon. */
  NEAR_EXPIRY,
  /** A refresh ahead of time. */
  ROUTINE
}
