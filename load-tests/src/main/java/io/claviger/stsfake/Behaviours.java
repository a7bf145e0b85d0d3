package io.claviger.stsfake;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How calls are bent: for all, and for single roles besides. Thread-safe. */
final class Behaviours {

  private final InstantSource clock;
  private final Behaviour all;
  private final Map<String, Behaviour> roles = new ConcurrentHashMap<>();

  Behaviours(InstantSource clock) {
    this.clock = clock;
    this.all = new Behaviour(clock);
  }

  Behaviour all() {
    return all;
  }

  Behaviour of(String roleArn) {
    return roles.computeIfAbsent(roleArn, absent -> new Behaviour(clock));
  }

  void clear() {
    all.clear();
    roles.clear();
  }

  /** Whether a call, for a role where it has one, is one too many. */
  boolean throttles(@Nullable String roleArn) {
    Behaviour role = find(roleArn);
    return all.throttles() || (role != null && role.throttles());
  }

  /** How long a call is held back. */
  Duration latency(@Nullable String roleArn) {
    Behaviour role = find(roleArn);
    return role == null ? all.latency() : all.latency().plus(role.latency());
  }

  /** What the role's next call fails with. */
  @Nullable QueryError nextFailure(@Nullable String roleArn) {
    Behaviour role = find(roleArn);
    QueryError failure = role == null ? null : role.nextFailure();
    return failure == null ? all.nextFailure() : failure;
  }

  /** How long a session of the role lives. */
  Duration sessionDuration(@Nullable String roleArn, Duration asked) {
    Behaviour role = find(roleArn);
    Duration duration = role == null ? null : role.sessionDuration();
    if (duration == null) {
      duration = all.sessionDuration();
    }
    return duration == null ? asked : duration;
  }

  private @Nullable Behaviour find(@Nullable String roleArn) {
    return roleArn == null ? null : roles.get(roleArn);
  }
}
