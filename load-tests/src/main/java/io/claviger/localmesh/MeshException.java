package io.claviger.localmesh;

/**
 * The mesh cannot do what was requested. The message is for a person and names the process or the
 * file.
 */
public final class MeshException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MeshException(String message) {
    super(message);
  }

  public MeshException(String message, Throwable cause) {
    super(message, cause);
  }
}
