package io.claviger.checker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Which role each service account was given: when the mesh was asked, and when it said that it is
 * so. A request that was not answered may or may not have been done. Of one service account one
 * change is asked for after the other. Thread-safe.
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

    /** The mesh has said that it is so. */
    public void acknowledged(Instant when) {
      acknowledged = when;
    }

    /** The role's ARN. */
    String role() {
      return role;
    }

    /** When the mesh was asked. */
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
   * The mesh is about to be asked to give a service account a role.
   *
   * @param workload {@code namespace/name}
   * @param role its ARN
   */
  public Change asked(String workload, String role, Instant now) {
    Change change = new Change(role, now);
    byWorkload.computeIfAbsent(workload, first -> new CopyOnWriteArrayList<>()).add(change);
    return change;
  }

  /** In the order in which they were asked for. */
  List<Change> of(String workload) {
    return byWorkload.getOrDefault(workload, List.of());
  }
}
