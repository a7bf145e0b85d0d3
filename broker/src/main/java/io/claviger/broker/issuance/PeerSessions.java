package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.OpenSessionReply;
import java.util.concurrent.CompletionStage;

/** Asks another broker for a session whose key it owns. */
@FunctionalInterface
public interface PeerSessions {

  /** Asks once. Fails when no reply comes, in the adapter's time or at all. */
  CompletionStage<OpenSessionReply> ask(String nodeId, OpenSession request);
}
