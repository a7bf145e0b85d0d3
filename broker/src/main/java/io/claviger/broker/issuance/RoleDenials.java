package io.claviger.broker.issuance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which roles deny their caller. If a role has denied a service account several times in a row, the
 * broker limits STS calls for this pair to one a second. If several roles deny the broker at once
 * and none admits it in between, the broker itself is at fault: its policy or its identity is
 * wrong. Bounded; thread-safe.
 */
final class RoleDenials {

  private static final int IN_A_ROW = 5;
  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final int UNRELATED_ROLES = 5;
  private static final Duration AT_ONCE = Duration.ofSeconds(30);
  private static final int MAX_ROLES = 10_000;

  /**
   * A role as one service account uses it; the role may admit others. The caller of a first role is
   * the broker. The caller of a target role is the first role.
   */
  private record RoleUse(String firstRole, String role, String whose) {}

  private record Closed(int denials, Instant askedAt, RoleSessions.Result.Denied last) {

    boolean isClosedAt(Instant now) {
      return denials >= IN_A_ROW && now.isBefore(askedAt.plus(PROBE));
    }

    Closed askedAt(Instant now) {
      return new Closed(denials, now, last);
    }
  }

  private final InstantSource clock;
  private final Cache<RoleUse, Closed> denials =
      Caffeine.newBuilder().maximumSize(MAX_ROLES).executor(Runnable::run).build();
  private final Map<String, Instant> deniedToBroker = new HashMap<>();

  RoleDenials(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns the denial that applies to a request without a call to STS; absent if STS may be
   * called.
   */
  Optional<RoleSessions.Result.Denied> standing(RoleSessions.Request request) {
    Instant now = clock.instant();
    return uses(request).stream()
        .flatMap(use -> Optional.ofNullable(denials.getIfPresent(use)).stream())
        .filter(closed -> closed.isClosedAt(now))
        .map(Closed::last)
        .findFirst();
  }

  /** As {@link #standing}. If STS may be called, blocks further calls for a while. */
  synchronized Optional<RoleSessions.Result.Denied> orAsk(RoleSessions.Request request) {
    Optional<RoleSessions.Result.Denied> standing = standing(request);
    if (standing.isEmpty()) {
      Instant now = clock.instant();
      uses(request)
          .forEach(use -> denials.asMap().computeIfPresent(use, (same, was) -> was.askedAt(now)));
    }
    return standing;
  }

  /** Records a denial by STS. */
  void denied(RoleSessions.Request request, RoleSessions.Result.Denied denied) {
    if (denied.reason() != RefusalReason.ROLE_DENIED) {
      return;
    }
    Instant now = clock.instant();
    denials
        .asMap()
        .compute(
            use(request, denied.role()), (use, closed) -> new Closed(next(closed), now, denied));
    if (denied.role().equals(request.roleArn())) {
      deniedToBroker(denied.role(), now);
    }
  }

  private static int next(@Nullable Closed closed) {
    return closed == null ? 1 : Math.min(IN_A_ROW, closed.denials() + 1);
  }

  private synchronized void deniedToBroker(String role, Instant now) {
    forgetOld(now);
    if (deniedToBroker.size() < MAX_ROLES) {
      deniedToBroker.put(role, now);
    }
  }

  /** Records that STS has opened a session. */
  void opened(RoleSessions.Request request) {
    uses(request).forEach(denials.asMap()::remove);
    synchronized (this) {
      deniedToBroker.clear();
    }
  }

  /** Returns whether enough roles deny the broker at once that the broker must be at fault. */
  synchronized boolean brokerFault() {
    forgetOld(clock.instant());
    return deniedToBroker.size() >= UNRELATED_ROLES;
  }

  private void forgetOld(Instant now) {
    deniedToBroker.values().removeIf(at -> at.plus(AT_ONCE).isBefore(now));
  }

  private static List<RoleUse> uses(RoleSessions.Request request) {
    List<RoleUse> uses = new ArrayList<>();
    uses.add(use(request, request.roleArn()));
    String target = request.targetRoleArn();
    if (target != null) {
      uses.add(use(request, target));
    }
    return uses;
  }

  private static RoleUse use(RoleSessions.Request request, String role) {
    return new RoleUse(request.roleArn(), role, request.whose());
  }
}
