package io.claviger.edge.credential;

import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The brokers. */
public interface Upstream {

  /** The message to pods while this node is connected to no broker, with what to do. */
  String NO_BROKER =
      "no broker is connected to this node: the edge serves cached credentials only; check that"
          + " brokers run, and look in the node-edge's log for why it cannot reach them";

  /**
   * Requests a pod's credentials.
   *
   * @param request the pod's token and this edge's state
   * @param timeout after which no requester waits any more
   * @param otherFirst whether to begin with the broker that is not preferred: the preferred one had
   *     the time of this flight and gave no answer. It may lack something that signs of life do not
   *     show.
   * @return the answer; also {@link CredentialReply.Unavailable} if no broker can be reached or
   *     none answers in time
   */
  CompletionStage<CredentialReply> ask(
      CredentialRequest request, Duration timeout, boolean otherFirst);
}
