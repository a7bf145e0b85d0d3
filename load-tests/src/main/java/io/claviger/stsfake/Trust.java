package io.claviger.stsfake;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which roles trust whom. A role that nothing is said about is there, and trusts as the default
 * says.
 */
final class Trust {

  private final Map<String, RoleTrust> roles = new ConcurrentHashMap<>();
  private final Set<String> accounts;
  private volatile RoleTrust otherwise = RoleTrust.anyone();

  Trust(Set<String> accounts) {
    this.accounts = Set.copyOf(accounts);
  }

  void set(String roleArn, RoleTrust trust) {
    roles.put(roleArn, trust);
  }

  void setDefault(RoleTrust trust) {
    otherwise = trust;
  }

  void clear() {
    roles.clear();
    otherwise = RoleTrust.anyone();
  }

  /** Refuses what the role's trust policy refuses. */
  void check(Principal caller, AssumeRoleRequest request) {
    RoleTrust trust = roles.getOrDefault(request.roleArn(), otherwise);
    boolean assume =
        trust.admits(caller, accounts)
            && (trust.externalId() == null || trust.externalId().equals(request.externalId()))
            && request.tags().tags().entrySet().containsAll(trust.requestTags().entrySet());
    if (!assume) {
      throw denied(caller, "sts:AssumeRole", request);
    }
    if (!trust.tagSession() && !request.tags().tags().isEmpty()) {
      throw denied(caller, "sts:TagSession", request);
    }
    if (caller.isRoleSession() && request.durationSeconds() > 3_600) {
      throw new StsRefusal(
          QueryError.validation(
              "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
                  + " role chaining"));
    }
    if (request.durationSeconds() > trust.maxSession().toSeconds()) {
      throw new StsRefusal(
          QueryError.validation(
              "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
    }
  }

  private static StsRefusal denied(Principal caller, String action, AssumeRoleRequest request) {
    return new StsRefusal(QueryError.accessDenied(caller.arn(), action, request.roleArn()));
  }
}
