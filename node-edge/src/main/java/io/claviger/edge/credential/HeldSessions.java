package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.edge.revocation.PositionFloors;
import io.claviger.edge.revocation.WithheldPods;
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
 * The sessions that this node holds, by who shares them. Whatever is handed out has more than the
 * floor left, checked at each look-up. Bounded; thread-safe.
 */
public final class HeldSessions {

  /** What became of an answer. */
  enum Held {
    HELD,
    /** Its association has moved since: ask again. */
    OUTDATED,
    /** It ends too soon to be handed out. */
    TOO_SHORT
  }

  private final CredentialTimes times;
  private final PositionFloors floors;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final Journal<AssociationKey> newlyKnown;
  private final ConcurrentMap<Subject, HeldSession> sessions;

  private final SessionOrder order = new SessionOrder();

  /**
   * Holds nothing yet.
   *
   * @param size how many sessions are held
   * @param times floor and refresh
   * @param floors answers made before them are not held
   * @param clock of this node
   * @param random between 0 and 1, for jitter
   * @param newlyKnown of what is held from now on
   */
  public HeldSessions(
      int size,
      CredentialTimes times,
      PositionFloors floors,
      InstantSource clock,
      DoubleSupplier random,
      Journal<AssociationKey> newlyKnown) {
    this(size, times, floors, clock, random, newlyKnown, UnaryOperator.identity());
  }

  /** The same; all access to the sessions goes through what is made of their map. */
  HeldSessions(
      int size,
      CredentialTimes times,
      PositionFloors floors,
      InstantSource clock,
      DoubleSupplier random,
      Journal<AssociationKey> newlyKnown,
      UnaryOperator<ConcurrentMap<Subject, HeldSession>> seenThrough) {
    this.times = times;
    this.floors = floors;
    this.clock = clock;
    this.random = random;
    this.newlyKnown = newlyKnown;
    this.sessions =
        seenThrough.apply(
            Caffeine.newBuilder()
                .maximumSize(size)
                .executor(Runnable::run)
                .<Subject, HeldSession>evictionListener(
                    (subject, session, cause) -> order.changed(session, null))
                .build()
                .asMap());
  }

  /** What may be handed out to whom the token names; absent when a broker has to be asked. */
  public @Nullable HeldSession find(VerifiedToken token) {
    HeldSession own = sessions.get(token.pod());
    HeldSession shared = sessions.get(token.serviceAccount());
    HeldSession held = own != null && shared != null ? later(own, shared) : own(own, shared);
    if (held == null) {
      return null;
    }
    Instant now = clock.instant();
    held.asked().now(now);
    return times.usable(held.credentials(), now) ? held : null;
  }

  private static @Nullable HeldSession own(
      @Nullable HeldSession own, @Nullable HeldSession shared) {
    return own != null ? own : shared;
  }

  /** Both exist for a moment when the tag scope is changed: the newer answer counts. */
  private static HeldSession later(HeldSession own, HeldSession shared) {
    return own.position().reaches(shared.position()) ? own : shared;
  }

  Held hold(CredentialReply.Issued issued) {
    Instant now = clock.instant();
    if (!times.usable(issued.credentials(), now)) {
      return Held.TOO_SHORT;
    }
    HeldSession offered =
        HeldSession.of(
            issued, times.refreshAt(issued.credentials(), now, random), new LastAsked(now));
    if (!floors.permits(offered.association(), offered.position())) {
      return Held.OUTDATED;
    }
    HeldSession kept =
        sessions.compute(
            offered.subject(),
            (subject, held) ->
                order.changed(held, held == null ? offered : HeldSession.better(held, offered)));
    newlyKnown.add(offered.association());
    // A move between the two looks at the floor has forgotten nothing of this: look again.
    if (!floors.permits(offered.association(), offered.position())) {
      forget(offered);
      return Held.OUTDATED;
    }
    if (kept == null || !kept.sameRevision(offered)) {
      return Held.OUTDATED;
    }
    // An answer of a newer revision says what a push would, also where the tag scope has changed.
    forget(offered.association(), offered.position(), offered.revision());
    return Held.HELD;
  }

  void forget(AssociationKey association, Position before, long revision) {
    forgetIf(
        of(association),
        session ->
            session.association().equals(association)
                && !session.position().reaches(before)
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

  /** Who may have a session of this association: whatever is held of it is one of these. */
  private Iterable<Subject> of(AssociationKey association) {
    List<Subject> subjects = new ArrayList<>(order.pods(association));
    subjects.add(new Subject.ServiceAccount(association));
    return subjects;
  }

  /** Forgets what only pods have that are withheld; what others share stays for them. */
  void withhold(WithheldPods withheld) {
    forgetIf(
        sessions.keySet(),
        session ->
            withheld.withholdsEverything()
                || (session.isOfOnePod() && withheld.withholds(session.workload())));
  }

  /** Forgets what only this pod has. */
  void forgetPod(String uid) {
    forgetIf(List.of(new Subject.Pod(uid)), session -> true);
  }

  /** Forgets the session unless it was replaced meanwhile. */
  void forget(HeldSession session) {
    update(session, held -> null);
  }

  void refresh(HeldSession session, Instant when) {
    update(session, held -> held.refreshedAt(when));
  }

  private void forgetIf(Iterable<Subject> subjects, Predicate<HeldSession> wrong) {
    for (Subject subject : subjects) {
      HeldSession seen = sessions.get(subject);
      if (seen != null && wrong.test(seen)) {
        sessions.computeIfPresent(
            subject, (same, held) -> wrong.test(held) ? order.changed(held, null) : held);
      }
    }
  }

  private void update(HeldSession session, Function<HeldSession, @Nullable HeldSession> change) {
    String accessKeyId = session.credentials().accessKeyId();
    sessions.computeIfPresent(
        session.subject(),
        (subject, held) ->
            held.credentials().accessKeyId().equals(accessKeyId)
                ? order.changed(held, change.apply(held))
                : held);
  }

  /** Has a broker asked about what is held of these associations within a time, spread over it. */
  void doubt(Collection<AssociationKey> associations, Duration within) {
    Instant now = clock.instant();
    for (AssociationKey association : associations) {
      for (HeldSession session : heldOf(association)) {
        Instant soon = now.plusMillis((long) (within.toMillis() * random.getAsDouble()));
        update(session, held -> held.inDoubt(soon));
      }
    }
  }

  /** What is held of an association. */
  List<HeldSession> heldOf(AssociationKey association) {
    List<HeldSession> found = new ArrayList<>();
    for (Subject subject : of(association)) {
      HeldSession session = sessions.get(subject);
      if (session != null && session.association().equals(association)) {
        found.add(session);
      }
    }
    return found;
  }

  Collection<HeldSession> all() {
    return sessions.values();
  }

  /** How many sessions are held. */
  public int size() {
    return sessions.size();
  }

  /** What is held, those first that a broker is to be asked about soonest. */
  Iterable<HeldSession> soonestDue() {
    return order.byRefresh();
  }

  /** What is held, those first that end soonest. */
  Iterable<HeldSession> soonestEnding() {
    return order.byEnd();
  }

  /** The shortest remaining life of what is held; zero when nothing is. */
  public Duration shortestRemaining() {
    Instant now = clock.instant();
    return order.byEnd().stream()
        .findFirst()
        .map(session -> session.credentials().remaining(now))
        .orElse(Duration.ZERO);
  }

  /** How many sessions have less left than the alarm. */
  public long belowAlarm() {
    Instant now = clock.instant();
    return order.byEnd().stream()
        .takeWhile(session -> session.credentials().remaining(now).compareTo(times.alarm()) < 0)
        .count();
  }
}
