package io.claviger.config.lifecycle;

import io.vertx.core.Future;
import java.io.IOException;

/**
 * Names the address when a server cannot listen: "Address already in use" alone does not identify
 * the endpoint.
 */
public final class Listening {

  private Listening() {}

  /**
   * Returns the same future, or one that failed with a message that names the address.
   *
   * @param begun the future that a server's {@code listen} of this address has returned
   */
  public static <T> Future<T> at(HostPort address, Future<T> begun) {
    return begun.recover(
        // A native transport throws no BindException.
        cause -> Future.failedFuture(cause instanceof IOException ? named(address, cause) : cause));
  }

  private static IOException named(HostPort address, Throwable cause) {
    return new IOException("cannot listen on " + address + ": " + cause.getMessage(), cause);
  }
}
