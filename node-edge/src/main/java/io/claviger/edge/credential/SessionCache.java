package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.workload.Subject;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.CredentialReply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cached sessions, by the subject that shares them. Each look-up checks that a session has more
 * than the minimum remaining lifetime. Bounded; thread-safe.
 */
public final class SessionCache {

  /** The result of offering an answer to the cache. */
  enum Stored {
    STORED,
    /** Its association has changed since: request it again. */
    OUTDATED,
    /** It expires too soon to be served. */
    TOO_SHORT
  }

  private final CredentialTimes times;
  private final MinPositions minPositions;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final Journal<AssociationKey> newlyKnown;
  private final ConcurrentMap<Subject, CachedSession> sessions;

  private final SessionOrder order = new SessionOrder();

  /**
   * Starts empty.
   *
   * @param size how many sessions are cached
   * @param times minimum remaining lifetime and refresh
   * @param minPositions answers from before them are not cached
   * @param clock of this node
   * @param random between 0 and 1, for jitter
   * @param newlyKnown service accounts whose sessions are cached from now on
   */
  public SessionCache(
      int size,
      CredentialTimes times,
      MinPositions minPositions,
      InstantSource clock,
      DoubleSupplier random,
      Journal<AssociationKey> newlyKnown) {
    this(size, times, minPositions, clock, random, newlyKnown, UnaryOperator.identity());
  }

  /**
   * As the other constructor; all access to the sessions goes through the given view of their map.
   */
  SessionCache(
      int size,
      CredentialTimes times,
      MinPositions minPositions,
      InstantSource clock,
      DoubleSupplier random,
      Journal<AssociationKey> newlyKnown,
      UnaryOperator<ConcurrentMap<Subject, CachedSession>> seenThrough) {
    this.times = times;
    this.minPositions = minPositions;
    this.clock = clock;
    this.random = random;
    this.newlyKnown = newlyKnown;
    this.sessions =
        seenThrough.apply(
            Caffeine.newBuilder()
                .maximumSize(size)
                .executor(Runnable::run)
                .<Subject, CachedSession>evictionListener(
                    (subject, session, cause) -> order.changed(session, null))
                .build()
                .asMap());
  }

  /** Returns what may be served to the token's workload; absent if a broker has to answer. */
  public @Nullable CachedSession find(VerifiedToken token) {
    CachedSession own = sessions.get(token.pod());
    CachedSession shared = sessions.get(token.serviceAccount());
    CachedSession cached = own != null && shared != null ? later(own, shared) : own(own, shared);
    if (cached == null) {
      return null;
    }
    Instant now = clock.instant();
    cached.asked().now(now);
    return times.usable(cached.credentials(), now) ? cached : null;
  }

  private static @Nullable CachedSession own(
      @Nullable CachedSession own, @Nullable CachedSession shared) {
    return own != null ? own : shared;
  }

  /** Both exist for a moment after the tag scope has changed: the newer answer counts. */
  private static CachedSession later(CachedSession own, CachedSession shared) {
    return own.position().isAtLeast(shared.position()) ? own : shared;
  }

  Stored store(CredentialReply.Issued issued) {
    Instant now = clock.instant();
    if (!times.usable(issued.credentials(), now)) {
      return Stored.TOO_SHORT;
    }
    CachedSession offered =
        CachedSession.of(
            issued, times.refreshAt(issued.credentials(), now, random), new LastAsked(now));
    if (!minPositions.permits(offered.association(), offered.position())) {
      return Stored.OUTDATED;
    }
    CachedSession kept =
        sessions.compute(
            offered.subject(),
            (subject, cached) ->
                order.changed(
                    cached, cached == null ? offered : CachedSession.better(cached, offered)));
    newlyKnown.add(offered.association());
    // A change between the two looks at the minimum position has not dropped this entry: look
    // again.
    if (!minPositions.permits(offered.association(), offered.position())) {
      forget(offered);
      return Stored.OUTDATED;
    }
    if (kept == null || !kept.sameRevision(offered)) {
      return Stored.OUTDATED;
    }
    // An answer of a newer revision has the effect of a push, also if the tag scope has changed.
    forget(offered.association(), offered.position(), offered.revision());
    return Stored.STORED;
  }

  void forget(AssociationKey association, Position before, long revision) {
    forgetIf(
        of(association),
        session ->
            session.association().equals(association)
                && !session.position().isAtLeast(before)
                && session.revision() != revision);
  }

  void forgetRevision(AssociationKey association, String associationId, long revision) {
    forgetIf(
        of(association),
        session ->
            session.association().equals(association)
                && session.associationId().equals(associationId)
                && session.revision() == revision);
  }

  /** Returns every subject that may have a cached session of this association. */
  private Iterable<Subject> of(AssociationKey association) {
    List<Subject> subjects = new ArrayList<>(order.pods(association));
    subjects.add(new Subject.ServiceAccount(association));
    return subjects;
  }

  /** Drops the sessions that only revoked pods have; shared ones stay for the other pods. */
  void forgetRevoked(PodRevocations podRevocations) {
    forgetIf(
        sessions.keySet(),
        session ->
            podRevocations.revokesAll()
                || (session.isOfOnePod() && podRevocations.revokes(session.workload())));
  }

  /** Drops the session that only this pod has. */
  void forgetPod(String uid) {
    forgetIf(List.of(new Subject.Pod(uid)), session -> true);
  }

  /** Drops the session unless it was replaced meanwhile. */
  void forget(CachedSession session) {
    update(session, cached -> null);
  }

  void refresh(CachedSession session, Instant when) {
    update(session, cached -> cached.refreshedAt(when));
  }

  private void forgetIf(Iterable<Subject> subjects, Predicate<CachedSession> wrong) {
    for (Subject subject : subjects) {
      CachedSession seen = sessions.get(subject);
      if (seen != null && wrong.test(seen)) {
        sessions.computeIfPresent(
            subject, (same, cached) -> wrong.test(cached) ? order.changed(cached, null) : cached);
      }
    }
  }

  private void update(
      CachedSession session, Function<CachedSession, @Nullable CachedSession> change) {
    String accessKeyId = session.credentials().accessKeyId();
    sessions.computeIfPresent(
        session.subject(),
        (subject, cached) ->
            cached.credentials().accessKeyId().equals(accessKeyId)
                ? order.changed(cached, change.apply(cached))
                : cached);
  }

  /**
   * Requests confirmation of the cached sessions of these associations, spread over the given time.
   */
  void suspect(Collection<AssociationKey> associations, Duration within) {
    Instant now = clock.instant();
    for (AssociationKey association : associations) {
      for (CachedSession session : cachedOf(association)) {
        Instant soon = now.plusMillis((long) (within.toMillis() * random.getAsDouble()));
        update(session, cached -> cached.asSuspect(soon));
      }
    }
  }

  /** Returns the cached sessions of an association. */
  List<CachedSession> cachedOf(AssociationKey association) {
    List<CachedSession> found = new ArrayList<>();
    for (Subject subject : of(association)) {
      CachedSession session = sessions.get(subject);
      if (session != null && session.association().equals(association)) {
        found.add(session);
      }
    }
    return found;
  }

  Collection<CachedSession> all() {
    return sessions.values();
  }

  /** Returns how many sessions are cached. */
  public int size() {
    return sessions.size();
  }

  /** Returns the cached sessions, those first whose refresh is due soonest. */
  Iterable<CachedSession> soonestDue() {
    return order.byRefresh();
  }

  /** Returns the cached sessions, those first that expire soonest. */
  Iterable<CachedSession> soonestEnding() {
    return order.byEnd();
  }

  /** Returns the shortest remaining lifetime of the cached sessions; zero if there are none. */
  public Duration shortestRemaining() {
    Instant now = clock.instant();
    return order.byEnd().stream()
        .findFirst()
        .map(session -> session.credentials().remaining(now))
        .orElse(Duration.ZERO);
  }

  /** Returns how many sessions have less remaining lifetime than the alarm. */
  public long belowAlarm() {
    Instant now = clock.instant();
    return order.byEnd().stream()
        .takeWhile(session -> session.credentials().remaining(now).compareTo(times.alarm()) < 0)
        .count();
  }
}
