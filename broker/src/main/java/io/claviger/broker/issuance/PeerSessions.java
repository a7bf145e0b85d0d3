package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks another broker for a session whose key it owns. */
@FunctionalInterface
public interface PeerSessions {

  /**
   * Asks once. Fails with {@link java.util.concurrent.TimeoutException} when no reply comes within
   * the timeout, to which the adapter adds what this broker itself is late; with something else
   * when the other broker is not there.
   */
  CompletionStage<OpenResult> ask(String nodeId, OpenSession request, Duration timeout);
}
