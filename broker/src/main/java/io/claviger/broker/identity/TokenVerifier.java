package io.claviger.broker.identity;

import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pod tokens of every registered cluster. Its result overrides the edges' own
 * verification.
 */
@FunctionalInterface
public interface TokenVerifier {

  /**
   * Verifies a pod's token for a caller.
   *
   * @param token as received
   * @param caller the requester: the token must be of its cluster, and bound to its node if it has
   *     one
   * @param priority of the request; a renewal requires a recent check that the pod still exists
   * @return the result. {@link TokenVerification.UnknownKey} only if the issuer's keys could not be
   *     fetched now, {@link TokenVerification.Unconfirmed} if its cluster could not be asked. Never
   *     fails.
   */
  CompletionStage<TokenVerification> verify(String token, Caller caller, RequestPriority priority);

  /**
   * An edge, as authenticated by its login, or the holder of an API key that may fetch credentials.
   *
   * @param cluster the registered name of its cluster
   * @param node the node it runs on, the only one whose pods' credentials it may fetch. Absent for
   *     an API key that is bound to no node: it may fetch for pods of any node, and needs a grant
   *     for that
   * @param nodeUid that node's uid; absent for an API key, or if the login has none
   */
  record Caller(String cluster, @Nullable String node, @Nullable String nodeUid) {

    /** A caller without a node, or with a node of which only the name is known. */
    public Caller(String cluster, @Nullable String node) {
      this(cluster, node, null);
    }

    /** Returns whether a token is bound to another node than the caller's. */
    boolean mayNotBring(WorkloadIdentity pod) {
      return node != null && pod.isBoundToAnother(node, nodeUid);
    }
  }
}
