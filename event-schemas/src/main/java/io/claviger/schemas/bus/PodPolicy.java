package io.claviger.schemas.bus;

/**
 * What an edge does with a pod that is new to it, holds a good token, and of which no broker can
 * say whether it is there.
 */
public enum PodPolicy {
  /** Its requests are answered 503. */
  REQUIRED,
  /** It is believed to be there. */
  PREFERRED,
  /** It is believed to be there, and nobody is asked. */
  OFF
}
