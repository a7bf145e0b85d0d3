package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Opens role sessions: the port to AWS STS. */
@FunctionalInterface
public interface RoleSessions {

  /**
   * Opens one session: one attempt, within its own deadline. The caller decides on retries. Never
   * fails.
   */
  CompletionStage<Result> open(Request request);

  /**
   * The session to open.
   *
   * @param roleArn the role
   * @param targetRoleArn a second role, assumed with the first one's credentials
   * @param externalId for the target role's trust policy, or for the role's if there are no tags
   * @param policy session policy as JSON text
   * @param clusterTags session tags that name the cluster, all transitive; empty for none
   * @param ownTags session tags that name the workload of the session, all transitive; empty for
   *     none
   * @param sessionName 2 to 64 of {@code [\w+=,.@-]}
   * @param duration the requested lifetime
   */
  record Request(
      String roleArn,
      @Nullable String targetRoleArn,
      @Nullable String externalId,
      @Nullable String policy,
      Map<String, String> clusterTags,
      Map<String, String> ownTags,
      String sessionName,
      Duration duration) {
    public Request {
      Check.text(roleArn, "roleArn");
      Check.text(sessionName, "sessionName");
      clusterTags = Map.copyOf(clusterTags);
      ownTags = Map.copyOf(ownTags);
    }

    /**
     * The service account by which trust policies identify the session; the external id if there
     * are no tags.
     */
    String whose() {
      String namespace = ownTags.get(SessionTags.NAMESPACE);
      return namespace == null
          ? String.valueOf(externalId)
          : namespace + "/" + ownTags.get(SessionTags.SERVICE_ACCOUNT);
    }

    /** All session tags. */
    public Map<String, String> tags() {
      Map<String, String> all = new HashMap<>(clusterTags);
      all.putAll(ownTags);
      return all;
    }
  }

  /** The result of one attempt. */
  sealed interface Result {
    /**
     * The session is open.
     *
     * @param requestId STS's id of the call that opened it
     * @param packedPolicySize the percentage of the space for policies and tags that is used;
     *     absent if there are neither
     */
    record Opened(
        SessionCredentials credentials, String requestId, @Nullable Integer packedPolicySize)
        implements Result {}

    /**
     * STS refuses to open the session until something changes.
     *
     * @param role the role that denies its caller, or that the request does not match
     */
    record Denied(RefusalReason reason, String role, String message) implements Result {}

    /** STS cannot open the session now. */
    record Retryable(Cause cause, String message) implements Result {
      /** Why STS cannot open the session now. */
      public enum Cause {
        /** The account calls STS too often. */
        THROTTLED,
        /** STS fails or cannot be reached. */
        FAILING,
        /** STS rejects the broker's own credentials, or the broker has none. */
        OWN_CREDENTIALS
      }
    }
  }
}
