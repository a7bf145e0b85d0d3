package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.RoleSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * How STS is asked: for a session in one call, or in two where there is a target role; and for the
 * caller's own identity.
 */
final class StsRequests {

  /** The first hop's session is used once, at once: the shortest that STS gives. */
  private static final Duration FIRST_HOP = Duration.ofMinutes(15);

  /** A session that a session opened lives an hour at most; EKS Pod Identity asks for this. */
  private static final Duration LONGEST_SECOND_HOP = Duration.ofMinutes(59);

  private StsRequests() {}

  /**
   * The only call, or the first of two, with the broker's own credentials. Policy and external id
   * belong to the last.
   */
  static AssumeRoleRequest first(
      RoleSessions.Request request, AwsCredentials own, Duration timeout) {
    boolean only = request.targetRoleArn() == null;
    return named(request, own, timeout)
        .roleArn(request.roleArn())
        .durationSeconds(seconds(only ? request.duration() : FIRST_HOP))
        .externalId(only ? request.externalId() : null)
        .policy(only ? request.policy() : null)
        .tags(tags(request.tags()))
        .transitiveTagKeys(request.tags().keySet())
        .build();
  }

  /**
   * The second of two, with the first one's credentials. The tags are transitive: they come along
   * by themselves.
   */
  static AssumeRoleRequest second(
      RoleSessions.Request request, Credentials first, Duration timeout) {
    Duration duration =
        request.duration().compareTo(LONGEST_SECOND_HOP) < 0
            ? request.duration()
            : LONGEST_SECOND_HOP;
    AwsCredentials session =
        AwsSessionCredentials.create(
            first.accessKeyId(), first.secretAccessKey(), first.sessionToken());
    return named(request, session, timeout)
        .roleArn(request.targetRoleArn())
        .durationSeconds(seconds(duration))
        .externalId(request.externalId())
        .policy(request.policy())
        .build();
  }

  /** Who has these credentials. */
  static GetCallerIdentityRequest callerIdentity(AwsCredentials caller, Duration timeout) {
    return GetCallerIdentityRequest.builder()
        .overrideConfiguration(
            override ->
                override
                    .credentialsProvider(StaticCredentialsProvider.create(caller))
                    .apiCallTimeout(timeout))
        .build();
  }

  private static AssumeRoleRequest.Builder named(
      RoleSessions.Request request, AwsCredentials caller, Duration timeout) {
    return AssumeRoleRequest.builder()
        .roleSessionName(request.sessionName())
        .overrideConfiguration(
            override ->
                override
                    .credentialsProvider(StaticCredentialsProvider.create(caller))
                    .apiCallTimeout(timeout));
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
