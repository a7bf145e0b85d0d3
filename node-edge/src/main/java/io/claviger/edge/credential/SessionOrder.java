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
 * Indexes of the cached sessions, so that no search looks at all of them: by association, by
 * refresh time and by expiry. As large as the cache; thread-safe.
 */
final class SessionOrder {

  private final EntriesByAssociation<Subject> pods = new EntriesByAssociation<>();
  private final NavigableSet<CachedSession> byRefresh = soonestFirst(CachedSession::refreshAt);
  private final NavigableSet<CachedSession> byEnd =
      soonestFirst(session -> session.credentials().expiration());

  /** Sessions that are due at the same time stay distinct. */
  private static NavigableSet<CachedSession> soonestFirst(Function<CachedSession, Instant> when) {
    return new ConcurrentSkipListSet<>(
        Comparator.comparing(when)
            .thenComparing(session -> session.credentials().accessKeyId())
            .thenComparing(session -> session.subject().toString()));
  }

  /**
   * Applies a change; call it only while the subject's entry is computed or evicted. A session may
   * be missing from the time orders for a moment, but never from its association.
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

  /** Returns the pods that have their own session; a shared one is found by its key. */
  List<Subject> pods(AssociationKey association) {
    return pods.of(association);
  }

  /** Returns all sessions, those first whose refresh is due soonest. */
  NavigableSet<CachedSession> byRefresh() {
    return byRefresh;
  }

  /** Returns all sessions, those first that expire soonest. */
  NavigableSet<CachedSession> byEnd() {
    return byEnd;
  }
}
