package io.claviger.schemas.event;

import io.claviger.schemas.Check;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How STS was asked for a session that it opened.
 *
 * @param tags the session's tags, as in CloudTrail's {@code principalTags}; empty for none
 * @param packedPolicySize how many percent of the room for policies and tags it takes; absent when
 *     it has neither
 * @param durationSeconds how long it lives, from STS's answer on
 * @param firstRoleArn the role that was assumed to get at the event's, where there were two
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
