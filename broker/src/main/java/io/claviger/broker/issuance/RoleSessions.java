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
   * Opens one session: one attempt, within its own deadline. Whether and when there is another is
   * for whoever asks to say. Never fails.
   */
  CompletionStage<Result> open(Request request);

  /**
   * What is to be opened.
   *
   * @param roleArn the role
   * @param targetRoleArn a second role, assumed with the first one's credentials
   * @param externalId for the target role's trust policy, or for the role's where there are no tags
   * @param policy session policy as JSON text
   * @param clusterTags session tags that name the cluster, all transitive; empty for none
   * @param ownTags session tags that name whose session it is, all transitive; empty for none
   * @param sessionName 2 to 64 of {@code [\w+=,.@-]}
   * @param duration how long the session is to live
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
     * The service account that trust policies know it by; the external id where there are no tags.
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

  /** What came of it. */
  sealed interface Result {
    /**
     * The session is open.
     *
     * @param requestId STS's id of the call that opened it
     * @param packedPolicySize how many percent of the room for policies and tags it takes; absent
     *     when it has neither
     */
    record Opened(
        SessionCredentials credentials, String requestId, @Nullable Integer packedPolicySize)
        implements Result {}

    /**
     * STS will not open it until something changes.
     *
     * @param role the role that does not let its caller in, or that the request does not fit
     */
    record Denied(RefusalReason reason, String role, String message) implements Result {}

    /** STS cannot open it now. */
    record Retryable(Cause cause, String message) implements Result {
      /** Why not. */
      public enum Cause {
        /** The account calls STS too often. */
        THROTTLED,
        /** STS fails or cannot be reached. */
        FAILING,
        /** STS does not take the broker's own credentials, or there are none. */
        OWN_CREDENTIALS
      }
    }
  }
}
