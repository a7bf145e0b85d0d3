package io.claviger.config.lifecycle;

import io.vertx.core.Future;
import java.net.BindException;

/**
 * Begins to listen, and says where when it cannot: "Address already in use" alone names no door.
 */
public final class Listening {

  private Listening() {}

  /**
   * The same, or failed with a {@link BindException} that names the address.
   *
   * @param begun what a server's {@code listen} of this address has returned
   */
  public static <T> Future<T> at(HostPort address, Future<T> begun) {
    return begun.recover(
        cause ->
            Future.failedFuture(cause instanceof BindException ? taken(address, cause) : cause));
  }

  private static BindException taken(HostPort address, Throwable cause) {
    BindException named =
        new BindException("cannot listen on " + address + ": " + cause.getMessage());
    named.initCause(cause);
    return named;
  }
}
