package io.claviger.mesh.sts;

/**
 * A call that is answered with an error; thrown by what checks the call, caught where it is
 * answered.
 */
final class StsRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient StsError error;

  StsRefusal(StsError error) {
    super(error.code() + ": " + error.message(), null, false, false);
    this.error = error;
  }

  StsError error() {
    return error;
  }
}
