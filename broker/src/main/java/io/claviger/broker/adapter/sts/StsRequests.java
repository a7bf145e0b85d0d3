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
 * How STS is asked: for a session in one call, or in two where there is a target role; and for the
 * caller's own identity.
 */
final class StsRequests {

  /** What a role's session may have as a caller that is a role's session itself. */
  private static final Duration FIRST_HOP = Duration.ofHours(1);

  /** A session that a session opened lives an hour at most; EKS Pod Identity asks for this. */
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
   * The first of two, with the broker's own credentials. Policy and external id are the second's.
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
   * The name of a first hop's session that many share: {@code claviger.<cluster>}, or {@code
   * claviger} where sessions carry no tags.
   */
  static String firstHopName(Map<String, String> clusterTags) {
    String cluster = clusterTags.get(SessionTags.CLUSTER_NAME);
    String name = cluster == null ? "claviger" : "claviger." + cluster;
    return name.substring(0, Math.min(MAX_NAME, name.length()));
  }

  /**
   * The second of two, with the first one's credentials, whose tags are transitive: they come along
   * by themselves, and STS refuses to have them said again.
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
