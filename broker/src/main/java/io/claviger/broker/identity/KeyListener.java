package io.claviger.broker.identity;

/** Receives each fetch of an issuer's keys, one after the other for one issuer. */
@FunctionalInterface
public interface KeyListener {

  /**
   * A fetch has ended and its result is in effect. Must return at once and not throw. Any thread.
   */
  void fetched(IssuerKeys issuer, KeyFetch outcome);
}
