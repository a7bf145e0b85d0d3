package io.claviger.broker.cli.pki;

/** Certificates or keys cannot be created. The message gives the reason, for the operator. */
final class PkiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PkiException(String message) {
    super(message);
  }
}
