package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.time.Duration;
import java.time.Instant;

/**
 * Credentials of one STS session. {@link #toString()} shows the access key id and the expiry only.
 *
 * @param accessKeyId names the session; no secret
 * @param secretAccessKey secret
 * @param sessionToken secret
 * @param accountId the 12 digits of the role's account
 * @param assumedRoleArn {@code arn:aws:sts::<account>:assumed-role/<role>/<session name>}
 * @param assumedRoleId the role's unique id and the session name
 * @param issuedAt when STS answered, by this side's clock
 * @param expiration when the session ends
 */
public record SessionCredentials(
    String accessKeyId,
    String secretAccessKey,
    String sessionToken,
    String accountId,
    String assumedRoleArn,
    String assumedRoleId,
    Instant issuedAt,
    Instant expiration) {

  public SessionCredentials {
    Check.text(accessKeyId, "accessKeyId");
    Check.text(secretAccessKey, "secretAccessKey");
    Check.text(sessionToken, "sessionToken");
    Check.text(accountId, "accountId");
    Check.text(assumedRoleArn, "assumedRoleArn");
    Check.text(assumedRoleId, "assumedRoleId");
    Check.present(issuedAt, "issuedAt");
    Check.present(expiration, "expiration");
  }

  /** Returns its whole lifetime. */
  public Duration lifetime() {
    return Duration.between(issuedAt, expiration);
  }

  /** Returns its remaining lifetime; negative once it has expired. */
  public Duration remaining(Instant now) {
    return Duration.between(now, expiration);
  }

  /** Returns the elapsed part of its lifetime: 0 when issued, 1 at expiry. */
  public double spent(Instant now) {
    double life = lifetime().toMillis();
    return life <= 0 ? 1.0 : Duration.between(issuedAt, now).toMillis() / life;
  }

  @Override
  public String toString() {
    return "SessionCredentials[accessKeyId=" + accessKeyId + ", expiration=" + expiration + "]";
  }
}
