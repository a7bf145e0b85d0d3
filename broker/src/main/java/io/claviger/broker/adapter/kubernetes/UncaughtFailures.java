package io.claviger.broker.adapter.kubernetes;

import io.vertx.core.Handler;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles uncaught exceptions of event loops. Most are bugs. One is not: if the connection of a
 * Kubernetes client's request is closed, the request fails twice, and nothing waits for the second
 * failure. The caller already reports the API server as unavailable.
 */
public final class UncaughtFailures implements Handler<Throwable> {

  private static final Logger LOG = LoggerFactory.getLogger(UncaughtFailures.class);
  private static final String CLIENT_REQUEST = "io.vertx.core.http.impl.HttpClientRequest";

  @Override
  public void handle(Throwable failure) {
    if (isSecondFailureOfARequest(failure)) {
      LOG.atDebug().setCause(failure).log("a request has failed twice");
    } else {
      LOG.atError().setCause(failure).log("uncaught failure");
    }
  }

  private static boolean isSecondFailureOfARequest(Throwable failure) {
    return failure instanceof IllegalStateException
        && "Promise already completed".equals(failure.getMessage())
        && Stream.of(failure.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith(CLIENT_REQUEST));
  }
}
