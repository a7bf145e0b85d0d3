package io.claviger.broker.identity;

import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pod tokens of every registered cluster; the authority over what edges verify for
 * themselves.
 */
@FunctionalInterface
public interface TokenVerifier {

  /**
   * Verifies a pod's token for a caller.
   *
   * @param token as it came
   * @param caller who asks: the token must be of its cluster, and bound to its node if it has one
   * @param priority what for: who renews what a pod has must be sure that the pod is still there
   * @return what was found; {@link TokenVerification.UnknownKey} only when the issuer's keys could
   *     not be fetched now, {@link TokenVerification.Unconfirmed} when its cluster could not be
   *     asked. Never fails.
   */
  CompletionStage<TokenVerification> verify(String token, Caller caller, RequestPriority priority);

  /**
   * An edge, as its login proved it, or the holder of an API key that may fetch credentials.
   *
   * @param cluster the registered name of its cluster
   * @param node the node it runs on, and the only one whose pods it may ask for; absent for an API
   *     key that is bound to no node: it may ask for pods of any, and needs a grant for that
   * @param nodeUid that node's uid; absent where the login names none, and for an API key
   */
  record Caller(String cluster, @Nullable String node, @Nullable String nodeUid) {

    /** Of no node, or of one of which only the name is known. */
    public Caller(String cluster, @Nullable String node) {
      this(cluster, node, null);
    }

    /** Whether a token is bound to another node than the one it may ask for. */
    boolean mayNotBring(WorkloadIdentity pod) {
      return node != null && pod.isBoundToAnother(node, nodeUid);
    }
  }
}
