package io.claviger.edge.credential;

import io.claviger.edge.workload.Subject;
import io.claviger.schemas.association.AssociationKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leads to the sessions that are cached by what is asked about them, so that nobody has to look at
 * all: those that pods have of an association, those that are due, those that end. As large as what
 * is cached; thread-safe.
 */
final class SessionOrder {

  private final EntriesByAssociation<Subject> pods = new EntriesByAssociation<>();
  private final NavigableSet<CachedSession> byRefresh = soonestFirst(CachedSession::refreshAt);
  private final NavigableSet<CachedSession> byEnd =
      soonestFirst(session -> session.credentials().expiration());

  /** Those that are due at once are told apart. */
  private static NavigableSet<CachedSession> soonestFirst(Function<CachedSession, Instant> when) {
    return new ConcurrentSkipListSet<>(
        Comparator.comparing(when)
            .thenComparing(session -> session.credentials().accessKeyId())
            .thenComparing(session -> session.subject().toString()));
  }

  /**
   * Follows a change; to be called while the subject's entry is computed or evicted only. A session
   * is missing among those that are ordered by time for a moment, among those of an association
   * never.
   *
   * @param before what was cached, if anything
   * @param after what is cached from now on, if anything
   * @return what is cached from now on
   */
  @Nullable CachedSession changed(@Nullable CachedSession before, @Nullable CachedSession after) {
    if (before != null) {
      byRefresh.remove(before);
      byEnd.remove(before);
    }
    if (after != null) {
      byRefresh.add(after);
      byEnd.add(after);
      if (after.isOfOnePod()) {
        pods.add(after.association(), after.subject());
      }
    }
    if (before != null
        && before.isOfOnePod()
        && (after == null || !after.association().equals(before.association()))) {
      pods.remove(before.association(), before.subject());
    }
    return after;
  }

  /** The pods that have a session of their own; one that is shared is found by its key. */
  List<Subject> pods(AssociationKey association) {
    return pods.of(association);
  }

  /** All sessions, those first that a broker is to be asked about soonest. */
  NavigableSet<CachedSession> byRefresh() {
    return byRefresh;
  }

  /** All sessions, those first that end soonest. */
  NavigableSet<CachedSession> byEnd() {
    return byEnd;
  }
}
