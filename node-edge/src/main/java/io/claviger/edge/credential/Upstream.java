package io.claviger.edge.credential;

import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The brokers. */
public interface Upstream {

  /**
   * Asks for a pod's credentials.
   *
   * @param request the pod's token and what is known here
   * @param timeout after which nobody waits any more
   * @return the answer; {@link CredentialReply.Unavailable} also when no broker can be reached or
   *     none answers in time
   */
  CompletionStage<CredentialReply> ask(CredentialRequest request, Duration timeout);
}
