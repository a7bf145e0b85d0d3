package io.claviger.broker.issuance;

import io.claviger.schemas.Check;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Opens role sessions: the port to AWS STS. */
@FunctionalInterface
public interface RoleSessions {

  /** Opens one session; one attempt's deadline and retries are the adapter's. Never fails. */
  CompletionStage<Result> open(Request request);

  /**
   * What is to be opened.
   *
   * @param roleArn the role
   * @param targetRoleArn a second role, assumed with the first one's credentials
   * @param externalId for the target role's trust policy, or for the role's where there are no tags
   * @param policy session policy as JSON text
   * @param tags session tags, all transitive; empty for none
   * @param sessionName 2 to 64 of {@code [\w+=,.@-]}
   * @param duration how long the session is to live
   */
  record Request(
      String roleArn,
      @Nullable String targetRoleArn,
      @Nullable String externalId,
      @Nullable String policy,
      Map<String, String> tags,
      String sessionName,
      Duration duration) {
    public Request {
      Check.text(roleArn, "roleArn");
      Check.text(sessionName, "sessionName");
      tags = Map.copyOf(tags);
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

    /** STS will not open it until something changes. */
    record Denied(RefusalReason reason, String message) implements Result {}

    /**
     * STS cannot open it now: throttled, failing, unreachable, or the broker's own identity is
     * amiss.
     */
    record Passing(String message) implements Result {}
  }
}
