package io.claviger.stsfake;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of AssumeRole that was understood, and what came of it.
 *
 * @param at when it was answered
 * @param requestId of the answer
 * @param caller the caller's ARN
 * @param roleArn the role
 * @param sessionName the session's name
 * @param tags the session's tags
 * @param transitiveTagKeys of the tags that go on
 * @param externalId the call's, if it had one
 * @param policy the call's session policy, if it had one
 * @param durationSeconds as asked for
 * @param accessKeyId of the session; absent when refused
 * @param expiration of the session; absent when refused
 * @param error the error's code; absent when a session was issued
 */
public record AssumedRole(
    Instant at,
    String requestId,
    String caller,
    String roleArn,
    String sessionName,
    Map<String, String> tags,
    List<String> transitiveTagKeys,
    @Nullable String externalId,
    @Nullable String policy,
    int durationSeconds,
    @Nullable String accessKeyId,
    @Nullable Instant expiration,
    @Nullable String error) {

  public AssumedRole {
    tags = Map.copyOf(tags);
    transitiveTagKeys = List.copyOf(transitiveTagKeys);
  }

  static AssumedRole issued(
      Instant at, String requestId, Principal caller, AssumeRoleRequest asked, SigningKey key) {
    return of(at, requestId, caller, asked, key.accessKeyId(), key.expiration(), null);
  }

  static AssumedRole refused(
      Instant at, String requestId, Principal caller, AssumeRoleRequest asked, String code) {
    return of(at, requestId, caller, asked, null, null, code);
  }

  private static AssumedRole of(
      Instant at,
      String requestId,
      Principal caller,
      AssumeRoleRequest asked,
      @Nullable String accessKeyId,
      @Nullable Instant expiration,
      @Nullable String error) {
    return new AssumedRole(
        at,
        requestId,
        caller.arn(),
        asked.roleArn(),
        asked.sessionName(),
        asked.tags().tags(),
        asked.tags().transitiveKeys(),
        asked.externalId(),
        asked.policy(),
        asked.durationSeconds(),
        accessKeyId,
        expiration,
        error);
  }
}
