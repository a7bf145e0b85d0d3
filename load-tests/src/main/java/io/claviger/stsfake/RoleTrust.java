package io.claviger.stsfake;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a role trusts, as its trust policy would say it.
 *
 * @param principals ARNs of users, roles or sessions, account numbers, or {@code *} for every
 *     caller of a trusted account; empty trusts nobody
 * @param externalId the {@code sts:ExternalId} that a call must have; absent when it may have any
 * @param requestTags {@code aws:RequestTag} that a call must have
 * @param tagSession whether {@code sts:TagSession} is allowed
 * @param maxSession the longest session that may be asked for
 */
public record RoleTrust(
    Set<String> principals,
    @Nullable String externalId,
    Map<String, String> requestTags,
    boolean tagSession,
    Duration maxSession) {

  private static final Duration LONGEST = Duration.ofHours(12);

  public RoleTrust {
    principals = Set.copyOf(principals);
    requestTags = Map.copyOf(requestTags);
  }

  /** Trusts every caller of the trusted accounts. */
  public static RoleTrust anyone() {
    return only("*");
  }

  /** Trusts nobody. */
  public static RoleTrust nobody() {
    return only();
  }

  /** Trusts these principals. */
  public static RoleTrust only(String... principals) {
    return new RoleTrust(Set.of(principals), null, Map.of(), true, LONGEST);
  }

  /** The same, for calls with this external id. */
  public RoleTrust withExternalId(String required) {
    return new RoleTrust(principals, required, requestTags, tagSession, maxSession);
  }

  /** The same, for calls with these session tags. */
  public RoleTrust withRequestTags(Map<String, String> required) {
    return new RoleTrust(principals, externalId, required, tagSession, maxSession);
  }

  /** The same, for calls without session tags. */
  public RoleTrust withoutTagSession() {
    return new RoleTrust(principals, externalId, requestTags, false, maxSession);
  }

  /** The same, with a limit to sessions. */
  public RoleTrust withMaxSession(Duration longest) {
    return new RoleTrust(principals, externalId, requestTags, tagSession, longest);
  }

  boolean admits(Principal caller, Set<String> trustedAccounts) {
    return principals.contains(caller.arn())
        || principals.contains(caller.account())
        || caller.roleArn().filter(principals::contains).isPresent()
        || (principals.contains("*") && trustedAccounts.contains(caller.account()));
  }
}
