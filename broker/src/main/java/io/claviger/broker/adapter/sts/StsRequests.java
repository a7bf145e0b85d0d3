package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.SessionTags;
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
 * Builds STS requests: for a session in one call, or in two calls if there is a target role; and
 * for the caller's own identity.
 */
final class StsRequests {

  /** The maximum lifetime of a session whose caller is itself a role's session. */
  private static final Duration FIRST_HOP = Duration.ofHours(1);

  /** A chained session lives at most an hour; EKS Pod Identity requests this lifetime. */
  private static final Duration LONGEST_SECOND_HOP = Duration.ofMinutes(59);

  private static final int MAX_NAME = 64;

  private StsRequests() {}

  /** The only call, with the broker's own credentials. */
  static AssumeRoleRequest only(
      RoleSessions.Request request, Duration length, AwsCredentials own, Duration timeout) {
    return call(request.sessionName(), request.tags(), own, timeout)
        .roleArn(request.roleArn())
        .durationSeconds(seconds(length))
        .externalId(request.externalId())
        .policy(request.policy())
        .build();
  }

  /**
   * The first of two calls, with the broker's own credentials. Policy and external id belong to the
   * second.
   */
  static AssumeRoleRequest firstHop(
      String roleArn,
      Map<String, String> tags,
      String sessionName,
      AwsCredentials own,
      Duration timeout) {
    return call(sessionName, tags, own, timeout)
        .roleArn(roleArn)
        .durationSeconds(seconds(FIRST_HOP))
        .build();
  }

  /**
   * The name of a shared first-hop session: {@code claviger.<cluster>}, or {@code claviger} if
   * sessions carry no tags.
   */
  static String firstHopName(Map<String, String> clusterTags) {
    String cluster = clusterTags.get(SessionTags.CLUSTER_NAME);
    String name = cluster == null ? "claviger" : "claviger." + cluster;
    return name.substring(0, Math.min(MAX_NAME, name.length()));
  }

  /**
   * The second of two calls, with the first one's credentials. Their tags are transitive: they are
   * inherited, and STS rejects a request that repeats them.
   */
  static AssumeRoleRequest second(
      RoleSessions.Request request, FirstHops.FirstHop first, Duration timeout) {
    Duration length =
        request.duration().compareTo(LONGEST_SECOND_HOP) < 0
            ? request.duration()
            : LONGEST_SECOND_HOP;
    Credentials session = first.session();
    AwsCredentials caller =
        AwsSessionCredentials.create(
            session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    return call(request.sessionName(), first.tags(), caller, timeout)
        .roleArn(request.targetRoleArn())
        .durationSeconds(seconds(length))
        .externalId(request.externalId())
        .policy(request.policy())
        .build();
  }

  /** Requests the identity of these credentials. */
  static GetCallerIdentityRequest callerIdentity(AwsCredentials caller, Duration timeout) {
    return GetCallerIdentityRequest.builder()
        .overrideConfiguration(
            override ->
                override
                    .credentialsProvider(StaticCredentialsProvider.create(caller))
                    .apiCallTimeout(timeout))
        .build();
  }

  private static AssumeRoleRequest.Builder call(
      String sessionName, Map<String, String> tags, AwsCredentials caller, Duration timeout) {
    return AssumeRoleRequest.builder()
        .roleSessionName(sessionName)
        .tags(tags(tags))
        .transitiveTagKeys(tags.keySet())
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
