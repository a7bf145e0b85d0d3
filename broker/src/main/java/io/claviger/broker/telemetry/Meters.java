package io.claviger.broker.telemetry;

import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;

/**
 * Names of meters and of their tags. Tag values are of closed sets: never a workload, a role or a
 * token.
 */
public final class Meters {

  /** Gauge: how long the broker warmed up before it was ready, or has so far. */
  public static final String WARM_UP = "claviger.warm.up.seconds";

  /**
   * Counter by {@link #RESULT} (issued, refused, unavailable): answers to requests for credentials.
   */
  public static final String ISSUE_OUTCOMES = "claviger.issue.outcomes";

  /**
   * Counter by {@link #CAUSE} (silent, unable, overflow), {@link #PRIORITY} (first, near-expiry,
   * routine): sessions opened here although their key is another broker's: it gives no sign of
   * life, it cannot, or too many are being waited for.
   */
  public static final String OWNER_TAKEOVERS = "claviger.owner.takeovers";

  /**
   * Counter by {@link #PRIORITY} (first, near-expiry, routine): silences of a key's owner after
   * which it was asked again, because too many sessions were opened in its place lately.
   */
  public static final String OWNER_ASKED_AGAIN = "claviger.owner.asked.again";

  /** Distribution by {@code account}: how many sessions had their turn at once. */
  public static final String STS_OPEN_BATCH = "claviger.sts.open.batch";

  /** Gauge by {@code account}: sessions that wait to be opened. */
  public static final String STS_OPEN_WAITING = "claviger.sts.open.waiting";

  /** Gauge by {@code account}: sessions being opened. */
  public static final String STS_OPEN_IN_FLIGHT = "claviger.sts.open.in.flight";

  /**
   * Timer by {@code account}, {@code priority} (first, near-expiry, routine): how long sessions
   * waited for their turn to be opened; {@code first}: a pod has no session.
   */
  public static final String STS_OPEN_WAIT = "claviger.sts.open.wait";

  /**
   * Counter by {@code account}, {@code cause} (full, quota, slow, late): sessions that could not be
   * queued: too many are, or for the quota of STS, or for how long it takes ({@code slow}), their
   * turn would come too late; {@code late}: nobody waited any more when it came.
   */
  public static final String STS_OPEN_REJECTED = "claviger.sts.open.rejected";

  /**
   * Gauge by {@code account}: calls of STS a second that this broker allows itself now; {@code
   * usual} for all accounts that have no identity of their own.
   */
  public static final String QUOTA_RATE = "claviger.quota.rate";

  /**
   * Gauge: 1 while unrelated roles deny the broker at once, so that the fault is its own, else 0.
   */
  public static final String BROKER_FAULT = "claviger.broker.fault";

  /**
   * Gauge in seconds by {@code account}: until the broker's own credentials end; NaN while they
   * have no end, or are not known.
   */
  public static final String OWN_CREDENTIALS_LEFT = "claviger.own.credentials.left";

  /** Distribution: how many percent of the room for policies and tags a session takes. */
  public static final String PACKED_POLICY_SIZE = "claviger.sts.packed.policy.size";

  /** Counter: calls of STS that went to the fail-over Region. */
  public static final String STS_FAIL_OVER = "claviger.sts.fail.over";

  /**
   * Timer by {@link #RESULT} (opened, denied, target-denied, misconfigured, target-misconfigured,
   * own-credentials, first-hop-ended, throttled, retryable): sessions asked of STS, both hops.
   * {@code denied}: a role does not let the broker in; {@code own-credentials}: the broker's own
   * are amiss; {@code retryable}: anything that may pass.
   */
  public static final String STS_CALLS = "claviger.sts.calls";

  /** Gauge: entries of the replicated map of sessions. */
  public static final String STORE_SIZE = "claviger.store.size";

  /**
   * Counter by {@link #CAUSE} (format, key, seal, type, content): values of the replicated map that
   * could not be read: {@code key}: the sealing key is missing; {@code seal}: the value was changed
   * or moved.
   */
  public static final String STORE_UNREADABLE = "claviger.store.unreadable";

  /** Counter: writes to the replicated map that did not happen. */
  public static final String STORE_FAILURES = "claviger.store.failures";

  /** Counter: expired entries of the replicated map that this member swept. */
  public static final String STORE_SWEPT = "claviger.store.swept";

  /**
   * Gauge by {@link #STATE} (serving, silent, unreached): the other brokers: members; those that
   * are silent open no sessions for this one; and addresses of the names in {@code peers.members}
   * that are no member's.
   */
  public static final String PEERS = "claviger.peers";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String PEER_CERTIFICATES = "claviger.peers.certificates";

  /** Tag: what it is at this moment. */
  public static final String STATE = "state";

  /** Tag: how urgent it is. */
  public static final String PRIORITY = "priority";

  /**
   * Tag: the account of the broker's identity; {@code usual} for all that have none of their own.
   */
  public static final String ACCOUNT = "account";

  /** Tag: what came of it. */
  public static final String RESULT = "result";

  /** Tag: why it happened. */
  public static final String CAUSE = "cause";

  private Meters() {}

  /**
   * The tag of an account.
   *
   * @param account 12 digits, from the configuration; empty for all others
   */
  public static Tag account(String account) {
    return Tag.of(ACCOUNT, account.isEmpty() ? "usual" : account);
  }

  /** The tag of a priority. */
  public static Tag priority(RequestPriority priority) {
    return Tag.of(PRIORITY, priority.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** A timer of one priority in front of an account's quota. */
  public static Timer.Builder priority(String name, RequestPriority priority, Tag account) {
    return Timer.builder(name).tags(List.of(priority(priority), account));
  }
}
