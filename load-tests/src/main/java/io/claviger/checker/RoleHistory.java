package io.claviger.checker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The roles of each service account, with the times of each request and its acknowledgement. A
 * request without an answer may or may not have been done. Changes of one service account are
 * sequential. Thread-safe.
 */
public final class RoleHistory {

  private final Map<String, List<Change>> byWorkload = new ConcurrentHashMap<>();

  /** A role that a service account was given. */
  public static final class Change {
    private final String role;
    private final Instant asked;
    private volatile @Nullable Instant acknowledged;

    private Change(String role, Instant asked) {
      this.role = role;
      this.asked = asked;
    }

    /** The mesh has acknowledged the change. */
    public void acknowledged(Instant when) {
      acknowledged = when;
    }

    /** The role's ARN. */
    String role() {
      return role;
    }

    /** When the change was requested. */
    Instant asked() {
      return asked;
    }

    /** Whether it was acknowledged at that time or earlier. */
    boolean isAcknowledgedAt(Instant time) {
      Instant when = acknowledged;
      return when != null && !when.isAfter(time);
    }
  }

  /**
   * Records that a change of a service account's role is about to be requested.
   *
   * @param workload {@code namespace/name}
   * @param role its ARN
   */
  public Change asked(String workload, String role, Instant now) {
    Change change = new Change(role, now);
    byWorkload.computeIfAbsent(workload, first -> new CopyOnWriteArrayList<>()).add(change);
    return change;
  }

  /** The changes, in the order of the requests. */
  List<Change> of(String workload) {
    return byWorkload.getOrDefault(workload, List.of());
  }
}
