package io.claviger.broker.cli.pki;

/** Certificates or keys cannot be made of what is there; the message says why, for a person. */
final class PkiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PkiException(String message) {
    super(message);
  }
}
