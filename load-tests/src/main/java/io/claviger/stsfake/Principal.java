package io.claviger.stsfake;

import io.claviger.schemas.Check;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param arn a user, or {@code arn:aws:sts::<account>:assumed-role/<role>/<session name>}
 * @param userId as GetCallerIdentity answers it; {@code <role id>:<session name>} for a session
 * @param role the role's ARN, path and all, where the caller is a role's session
 */
public record Principal(String arn, String userId, @Nullable String role) {

  public Principal {
    Check.text(arn, "arn");
    Check.text(userId, "userId");
  }

  /** A user with a long-lived key. */
  public static Principal user(String arn) {
    return new Principal(arn, UniqueIds.stable("AIDA", arn), null);
  }

  /** A session of a role. */
  public static Principal session(String roleArn, String sessionName) {
    RoleArn role = RoleArn.parse(roleArn).orElseThrow(() -> notARole(roleArn));
    return new Principal(
        role.sessionArn(sessionName), role.uniqueId() + ":" + sessionName, roleArn);
  }

  /** The 12 digits of its account. */
  public String account() {
    return arn.split(":", 6)[4];
  }

  /** Whether it is a role itself: what it assumes lives for an hour at most. */
  public boolean isRoleSession() {
    return role != null;
  }

  /** The role's ARN where the caller is a role's session. */
  public Optional<String> roleArn() {
    return Optional.ofNullable(role);
  }

  private static IllegalArgumentException notARole(String arn) {
    return new IllegalArgumentException("not the ARN of a role: " + arn);
  }
}
