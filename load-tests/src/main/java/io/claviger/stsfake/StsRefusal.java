package io.claviger.stsfake;

/**
 * A call that is answered with an error; thrown by what checks the call, caught where it is
 * answered.
 */
final class StsRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient QueryError error;

  StsRefusal(QueryError error) {
    super(error.code() + ": " + error.message(), null, false, false);
    this.error = error;
  }

  QueryError error() {
    return error;
  }
}
