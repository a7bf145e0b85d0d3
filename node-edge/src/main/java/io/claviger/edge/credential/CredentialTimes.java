package io.claviger.edge.credential;

import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * The times of a node's credentials. Each is a setting or a part of a session's own lifetime, so
 * that a scenario can scale them together.
 *
 * @param refreshFraction part of a session's lifetime after which it is refreshed, give or take a
 *     tenth
 * @param minRemaining a session with no more remaining lifetime than this is not served
 * @param alarm a session with less remaining lifetime than this should have been refreshed long ago
 * @param refusalMemory how long a refusal is cached
 * @param associationWait how long after its token was issued a pod without an association gets a
 *     retryable answer
 * @param flightDeadline how long the edge tries to get one answer from brokers
 */
public record CredentialTimes(
    double refreshFraction,
    Duration minRemaining,
    Duration alarm,
    Duration refusalMemory,
    Duration associationWait,
    Duration flightDeadline) {

  private static final double JITTER = 0.1;

  /** Part of a session's lifetime over which the nodes that cache it spread their requests. */
  private static final double SPREAD = 0.01;

  /** A failed refresh is retried after 30 to 60 s if sessions live an hour or more. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final int PAUSES_IN_A_LIFE = 120;

  /** The golden ratio's bits: neighbouring hashes end far apart. */
  private static final int MIX = 0x9E3779B9;

  public CredentialTimes {
    if (!(refreshFraction > 0 && refreshFraction < 1)) {
      throw new IllegalArgumentException("the refresh fraction is not between 0 and 1");
    }
  }

  /** Whether the credentials may still be served. */
  public boolean usable(SessionCredentials credentials, Instant now) {
    return credentials.remaining(now).compareTo(minRemaining) > 0;
  }

  /**
   * Returns when to refresh: at the configured part of the lifetime, give or take a tenth, but
   * never at once. The access key decides the deviation, so all nodes that cache the session
   * refresh at about the same time and share its successor.
   */
  Instant refreshAt(SessionCredentials credentials, Instant now, DoubleSupplier random) {
    double due = refreshFraction * (1 - JITTER + 2 * JITTER * fraction(credentials.accessKeyId()));
    double spread = SPREAD * random.getAsDouble();
    Instant ahead = credentials.issuedAt().plus(part(credentials, due + spread));
    Instant soonest = retryAt(credentials, now, random);
    return ahead.isBefore(soonest) ? soonest : ahead;
  }

  /** Returns when to retry a failed refresh. */
  Instant retryAt(SessionCredentials credentials, Instant now, DoubleSupplier random) {
    Duration share = part(credentials, 1.0 / PAUSES_IN_A_LIFE);
    Duration pause = share.compareTo(LONGEST_PAUSE) < 0 ? share : LONGEST_PAUSE;
    return now.plusMillis((long) (pause.toMillis() * (1 + random.getAsDouble())));
  }

  /** Returns a number between 0 and 1, evenly spread over access key ids and equal on all nodes. */
  private static double fraction(String accessKeyId) {
    return Integer.toUnsignedLong(accessKeyId.hashCode() * MIX) / (double) (1L << Integer.SIZE);
  }

  private static Duration part(SessionCredentials credentials, double fraction) {
    return Duration.ofMillis(Math.max(1, (long) (credentials.lifetime().toMillis() * fraction)));
  }
}
