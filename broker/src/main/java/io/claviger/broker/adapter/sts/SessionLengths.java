package io.claviger.broker.adapter.sts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * The lifetimes that sessions may have. A request uses the configured one. If STS rejects it as too
 * long, for the role or for a caller that is itself a role's session, later requests use one hour.
 * Every role allows one hour. Bounded; thread-safe.
 */
final class SessionLengths {

  /** The lifetime that every role and every caller may have. */
  private static final Duration ALWAYS = Duration.ofHours(1);

  /** A role's limit can be raised. */
  private static final Duration MEMORY = Duration.ofHours(1);

  private static final int MAX_ROLES = 10_000;
  private static final String CHAINING = "session limit for roles assumed by role chaining";
  private static final String ROLES_OWN = "MaxSessionDuration";

  private final Cache<String, Boolean> capped =
      Caffeine.newBuilder()
          .maximumSize(MAX_ROLES)
          .expireAfterWrite(MEMORY)
          .executor(Runnable::run)
          .build();

  /** Returns the longest lifetime that is known or presumed to be valid. */
  Duration of(String caller, String role, Duration wanted) {
    boolean isCapped =
        capped.getIfPresent("caller " + caller) != null || capped.getIfPresent(role) != null;
    return isCapped && wanted.compareTo(ALWAYS) > 0 ? ALWAYS : wanted;
  }

  /** Learns from a refusal. Returns whether a shorter session is worth a request. */
  boolean learn(String caller, String role, Duration asked, StsError refusal) {
    boolean chaining = refusal.message().contains(CHAINING);
    if (asked.compareTo(ALWAYS) <= 0 || !(chaining || refusal.message().contains(ROLES_OWN))) {
      return false;
    }
    capped.put(chaining ? "caller " + caller : role, true);
    return true;
  }
}
