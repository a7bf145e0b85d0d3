package io.claviger.edge.credential;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;

/** Sample values for the tests of this package. */
public final class Samples {

  public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  public static final AssociationKey WEB = new AssociationKey("c1", "app1", "web");

  private Samples() {}

  /** Returns a pod of service account app1/web. */
  public static WorkloadIdentity pod(String uid) {
    return new WorkloadIdentity("c1", "app1", "web", "web-0", uid, "node-1");
  }

  /** Returns what the token "token of uid" proves, for two hours. */
  public static VerifiedToken verified(String uid) {
    return verified(uid, NOW.plus(Duration.ofHours(2)));
  }

  public static VerifiedToken verified(String uid, Instant expires) {
    return VerifiedToken.of(TokenHash.of(token(uid)), pod(uid), expires, "key-1");
  }

  public static String token(String uid) {
    return "token of " + uid;
  }

  public static SessionCredentials session(String accessKeyId, Instant issued, Duration life) {
    return new SessionCredentials(
        accessKeyId,
        "secret",
        "session token",
        "111122223333",
        "arn:aws:sts::111122223333:assumed-role/web/app1.web",
        "AROAEXAMPLE:app1.web",
        issued,
        issued.plus(life));
  }

  /**
   * Returns a session of an hour, shared by the service account, of the association's first
   * revision.
   */
  public static CredentialReply.Issued issued(String uid, String accessKeyId, Instant issued) {
    return issued(uid, 1, at(1), session(accessKeyId, issued, Duration.ofHours(1)));
  }

  public static CredentialReply.Issued issued(
      String uid, long revision, Position position, SessionCredentials credentials) {
    return issued(uid, TagScope.SERVICE_ACCOUNT, revision, position, credentials);
  }

  public static CredentialReply.Issued issued(
      String uid,
      TagScope scope,
      long revision,
      Position position,
      SessionCredentials credentials) {
    Instant tokenExpires = NOW.plus(Duration.ofHours(2));
    return new CredentialReply.Issued(
        pod(uid), tokenExpires, scope, "a-1", revision, position, credentials);
  }

  /** Returns a session of an hour, shared by a service account of app1. */
  static CredentialReply.Issued issuedTo(String serviceAccount, long revision) {
    return issuedTo(serviceAccount, revision, "AKIA-" + serviceAccount + revision, NOW);
  }

  static CredentialReply.Issued issuedTo(
      String serviceAccount, long revision, String accessKeyId, Instant issued) {
    return new CredentialReply.Issued(
        new WorkloadIdentity("c1", "app1", serviceAccount, "x-0", "uid-x", "node-1"),
        NOW.plus(Duration.ofHours(2)),
        TagScope.SERVICE_ACCOUNT,
        "a-1",
        revision,
        at(revision),
        session(accessKeyId, issued, Duration.ofHours(1)));
  }

  public static CredentialReply.Refused refused(
      String uid, RefusalReason reason, Position position) {
    return new CredentialReply.Refused(reason, "no: " + reason, pod(uid), position);
  }

  public static Position at(long sequence) {
    return new Position(1, sequence);
  }
}
