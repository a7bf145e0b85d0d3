package io.claviger.edge.credential;

import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The brokers. */
public interface Upstream {

  /** What a pod is told while this node is connected to no broker, and what to do. */
  String NO_BROKER =
      "no broker is connected to this node: what it holds is served on, anything new waits for a"
          + " broker; check that brokers run, and why the node-edge's log says it cannot reach them";

  /**
   * Asks for a pod's credentials.
   *
   * @param request the pod's token and what is known here
   * @param timeout after which nobody waits any more
   * @param otherFirst whether to begin with the broker that is not preferred: the preferred one has
   *     had the time of this flight and gave no answer, and may lack what no sign of life tells
   * @return the answer; {@link CredentialReply.Unavailable} also when no broker can be reached or
   *     none answers in time
   */
  CompletionStage<CredentialReply> ask(
      CredentialRequest request, Duration timeout, boolean otherFirst);
}
