package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Requests a session from the broker that owns its key. */
@FunctionalInterface
public interface PeerSessions {

  /**
   * Sends one request. Fails with {@link java.util.concurrent.TimeoutException} if no reply comes
   * within the timeout. The adapter extends the timeout by this broker's own delay. Fails with
   * another exception if the other broker is unreachable.
   */
  CompletionStage<OpenResult> ask(String nodeId, OpenSession request, Duration timeout);
}
