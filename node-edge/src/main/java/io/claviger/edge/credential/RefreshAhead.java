package io.claviger.edge.credential;

import io.claviger.edge.credential.CredentialObserver.RefreshResult;
import io.claviger.schemas.bus.RequestPriority;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes cached sessions ahead of expiry. Each sweep starts the refreshes that are due and drops
 * sessions that have reached their minimum remaining lifetime; it looks at no others. Cached
 * sessions are served meanwhile. Thread-safe.
 */
public final class RefreshAhead {

  private final SessionCache sessions;
  private final RefreshTokens tokens;
  private final Fetcher fetcher;
  private final CredentialTimes times;
  private final int limit;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final CredentialObserver observer;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * Refreshes nothing until {@link #sweep()} is called.
   *
   * @param limit how many refreshes may be under way; more wait for a later sweep
   */
  public RefreshAhead(
      NodeMemory memory,
      Fetcher fetcher,
      CredentialTimes times,
      int limit,
      InstantSource clock,
      DoubleSupplier random,
      CredentialObserver observer) {
    this.sessions = memory.sessions();
    this.tokens = memory.refreshTokens();
    this.fetcher = fetcher;
    this.times = times;
    this.limit = limit;
    this.clock = clock;
    this.random = random;
    this.observer = observer;
  }

  /** Does what is due; call it several times a second. */
  public void sweep() {
    Instant now = clock.instant();
    for (CachedSession session : sessions.soonestEnding()) {
      if (times.usable(session.credentials(), now)) {
        break;
      }
      sessions.forget(session);
      observer.ended();
    }
    for (CachedSession session : sessions.soonestDue()) {
      if (now.isBefore(session.refreshAt()) || underWay.get() >= limit) {
        break;
      }
      refresh(session, now);
    }
  }

  private void refresh(CachedSession session, Instant now) {
    RefreshTokens.Presented presented = tokens.find(session.subject());
    if (presented == null || !session.isUsed(now)) {
      // There is no valid token to refresh it with, or no pod uses it any more. It is served until
      // it expires, and replaced only if a pod requests it. But a suspect one cannot be confirmed
      // either.
      if (session.suspect()) {
        sessions.forget(session);
      } else {
        retryLater(session);
      }
      return;
    }
    // No sweep starts it again while this flight may still be answered.
    sessions.refresh(session, now.plus(times.flightDeadline()).plusSeconds(1));
    underWay.incrementAndGet();
    fetcher
        .next(new Requester.Known(presented.token(), presented.verified()), priority(session, now))
        .whenComplete(
            (outcome, failure) -> {
              underWay.decrementAndGet();
              observer.refresh(ended(session, outcome));
            });
  }

  private RequestPriority priority(CachedSession session, Instant now) {
    return session.credentials().remaining(now).compareTo(times.alarm()) < 0
        ? RequestPriority.NEAR_EXPIRY
        : RequestPriority.ROUTINE;
  }

  private RefreshResult ended(CachedSession session, @Nullable CredentialOutcome outcome) {
    return switch (outcome) {
      case CredentialOutcome.Issued issued -> RefreshResult.REFRESHED;
      case CredentialOutcome.Refused refused
          when refused.reason().concernsIdentity() && tokens.find(session.subject()) != null -> {
        // The refusal concerns one pod's token: a shared session is refreshed with another one.
        sessions.refresh(session, clock.instant());
        yield RefreshResult.REFUSED;
      }
      case CredentialOutcome.Refused refused when refused.reason().evicts() -> {
        sessions.forget(session);
        yield RefreshResult.EVICTED;
      }
      case CredentialOutcome.Refused refused -> {
        retryLater(session);
        yield RefreshResult.REFUSED;
      }
      case CredentialOutcome.Unavailable unavailable -> {
        retryLater(session);
        yield RefreshResult.UNAVAILABLE;
      }
      case null -> {
        retryLater(session);
        yield RefreshResult.UNAVAILABLE;
      }
    };
  }

  private void retryLater(CachedSession session) {
    Instant now = clock.instant();
    sessions.refresh(session, times.retryAt(session.credentials(), now, random));
  }
}
