package io.claviger.config.lifecycle;

import io.vertx.core.Future;
import java.io.IOException;

/**
 * Begins to listen, and says where when it cannot: "Address already in use" alone names no
 * endpoint.
 */
public final class Listening {

  private Listening() {}

  /**
   * The same, or failed with a message that names the address.
   *
   * @param begun what a server's {@code listen} of this address has returned
   */
  public static <T> Future<T> at(HostPort address, Future<T> begun) {
    return begun.recover(
        // A native transport has no BindException.
        cause -> Future.failedFuture(cause instanceof IOException ? named(address, cause) : cause));
  }

  private static IOException named(HostPort address, Throwable cause) {
    return new IOException("cannot listen on " + address + ": " + cause.getMessage(), cause);
  }
}
