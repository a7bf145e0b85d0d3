package io.claviger.edge.credential;

import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * The times that a node's credentials live by. All of them are settings or parts of a session's own
 * life, so that a scenario can scale them together.
 *
 * @param refreshFraction part of a session's life after which it is refreshed, give or take a tenth
 * @param minRemaining a session with no more left than this is not served
 * @param alarm a session with less left than this ought to have been refreshed long ago
 * @param refusalMemory how long a refusal is remembered
 * @param associationWait how long after its token was issued a pod without an association is told
 *     to try again
 * @param flightDeadline how long a broker is asked for one answer
 */
public record CredentialTimes(
    double refreshFraction,
    Duration minRemaining,
    Duration alarm,
    Duration refusalMemory,
    Duration associationWait,
    Duration flightDeadline) {

  private static final double JITTER = 0.1;

  /** Part of a session's life over which those who hold it ask one after another. */
  private static final double SPREAD = 0.01;

  /** A refresh that failed is tried again after 30 to 60 s where sessions live an hour or more. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final int PAUSES_IN_A_LIFE = 120;

  /** The golden ratio's bits: neighbouring hashes end far apart. */
  private static final int MIX = 0x9E3779B9;

  public CredentialTimes {
    if (!(refreshFraction > 0 && refreshFraction < 1)) {
      throw new IllegalArgumentException("the refresh fraction is between 0 and 1");
    }
  }

  /** Whether they may still be served. */
  public boolean usable(SessionCredentials credentials, Instant now) {
    return credentials.remaining(now).compareTo(minRemaining) > 0;
  }

  /**
   * When they are to be refreshed: at the configured part of their life, give or take a tenth, but
   * not at once again. The session itself says which side, so that all nodes that hold it ask at
   * about the same time, and share the one that follows it.
   */
  Instant refreshAt(SessionCredentials credentials, Instant now, DoubleSupplier random) {
    double due = refreshFraction * (1 - JITTER + 2 * JITTER * fraction(credentials.accessKeyId()));
    double spread = SPREAD * random.getAsDouble();
    Instant ahead = credentials.issuedAt().plus(part(credentials, due + spread));
    Instant soonest = retryAt(credentials, now, random);
    return ahead.isBefore(soonest) ? soonest : ahead;
  }

  /** When a refresh that did not succeed is tried again. */
  Instant retryAt(SessionCredentials credentials, Instant now, DoubleSupplier random) {
    Duration share = part(credentials, 1.0 / PAUSES_IN_A_LIFE);
    Duration pause = share.compareTo(LONGEST_PAUSE) < 0 ? share : LONGEST_PAUSE;
    return now.plusMillis((long) (pause.toMillis() * (1 + random.getAsDouble())));
  }

  /** Between 0 and 1, evenly spread over access key ids, the same everywhere. */
  private static double fraction(String accessKeyId) {
    return Integer.toUnsignedLong(accessKeyId.hashCode() * MIX) / (double) (1L << Integer.SIZE);
  }

  private static Duration part(SessionCredentials credentials, double fraction) {
    return Duration.ofMillis(Math.max(1, (long) (credentials.lifetime().toMillis() * fraction)));
  }
}
