package io.claviger.broker.identity;

/** The result of fetching an issuer's keys. */
public sealed interface KeyFetch {

  /** The set differs from the one before, or is the first. */
  record Changed(KeySet keys) implements KeyFetch {}

  /** The set is the same as before. */
  record Unchanged(KeySet keys) implements KeyFetch {}

  /**
   * The set could not be fetched or parsed; the previous set stays.
   *
   * @param message what went wrong
   */
  record Failed(String message) implements KeyFetch {}
}
