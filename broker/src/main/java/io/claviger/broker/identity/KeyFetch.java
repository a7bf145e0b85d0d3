package io.claviger.broker.identity;

/** What became of fetching an issuer's keys. */
public sealed interface KeyFetch {

  /** There is another set than before; also the first one. */
  record Changed(KeySet keys) implements KeyFetch {}

  /** The set is the same as before. */
  record Unchanged(KeySet keys) implements KeyFetch {}

  /**
   * It could not be fetched, or is no set of keys; the set before it stays.
   *
   * @param message what went wrong
   */
  record Failed(String message) implements KeyFetch {}
}
