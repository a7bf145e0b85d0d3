package io.claviger.schemas.event;

import io.claviger.schemas.Check;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of the STS call that opened a session.
 *
 * @param tags the session's tags, as in CloudTrail's {@code principalTags}; empty for none
 * @param packedPolicySize the percentage of STS's limit for policies and tags that the session
 *     uses; absent if it has neither
 * @param durationSeconds the session's lifetime, counted from STS's answer
 * @param firstRoleArn the role that was assumed first, if the event's role is the second of two
 */
public record OpenedSession(
    Map<String, String> tags,
    @Nullable Integer packedPolicySize,
    long durationSeconds,
    @Nullable String firstRoleArn) {

  public OpenedSession {
    tags = Map.copyOf(Check.present(tags, "tags"));
    if (durationSeconds <= 0) {
      throw new IllegalArgumentException("durationSeconds is missing");
    }
  }
}
