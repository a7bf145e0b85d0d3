package io.claviger.broker.telemetry;

import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;

/**
 * Names of meters and of their tags. Tag values come from closed sets: never a workload, a role or
 * a token.
 */
public final class Meters {

  /**
   * Gauge: duration of the broker's warm-up before it is ready; while it lasts, the time so far.
   */
  public static final String WARM_UP = "claviger.warm.up.seconds";

  /**
   * Counter by {@link #RESULT} (issued, refused, unavailable): answers to requests for credentials.
   */
  public static final String ISSUE_OUTCOMES = "claviger.issue.outcomes";

  /**
   * Counter by {@link #CAUSE} (silent, unable, overflow), {@link #PRIORITY} (first, near-expiry,
   * routine): sessions that this broker opened although another broker owns the key. In this order:
   * the owner was silent, the owner was not able, or too many requests were waiting for owners.
   */
  public static final String OWNER_TAKEOVERS = "claviger.owner.takeovers";

  /**
   * Counter by {@link #PRIORITY} (first, near-expiry, routine): repeated requests to a silent
   * owner, because too many sessions had recently been opened in its place.
   */
  public static final String OWNER_ASKED_AGAIN = "claviger.owner.asked.again";

  /** Distribution by {@code account}: how many sessions started to open at once. */
  public static final String STS_OPEN_BATCH = "claviger.sts.open.batch";

  /** Gauge by {@code account}: sessions that wait to be opened. */
  public static final String STS_OPEN_WAITING = "claviger.sts.open.waiting";

  /** Gauge by {@code account}: sessions being opened. */
  public static final String STS_OPEN_IN_FLIGHT = "claviger.sts.open.in.flight";

  /**
   * Timer by {@code account}, {@code priority} (first, near-expiry, routine): waits of sessions
   * before they were opened. {@code first}: a pod has no session.
   */
  public static final String STS_OPEN_WAIT = "claviger.sts.open.wait";

  /**
   * Counter by {@code account}, {@code cause} (full, quota, slow, late): sessions rejected by the
   * queue. {@code full}: too many wait. {@code quota}, {@code slow}: their turn would come too late
   * because of the STS quota or the duration of calls. {@code late}: the requester had stopped
   * waiting before its turn came.
   */
  public static final String STS_OPEN_REJECTED = "claviger.sts.open.rejected";

  /**
   * Gauge by {@code account}: STS calls per second that this broker currently allows itself; {@code
   * usual} for all accounts without an identity of their own.
   */
  public static final String QUOTA_RATE = "claviger.quota.rate";

  /**
   * Gauge: 1 while unrelated roles deny the broker at once, so that the fault is the broker's own,
   * else 0.
   */
  public static final String BROKER_FAULT = "claviger.broker.fault";

  /**
   * Gauge in seconds by {@code account}: time until the broker's own credentials expire; NaN while
   * they have no expiry or are unknown.
   */
  public static final String OWN_CREDENTIALS_LEFT = "claviger.own.credentials.left";

  /** Distribution: percentage of the space for policies and tags that a session uses. */
  public static final String PACKED_POLICY_SIZE = "claviger.sts.packed.policy.size";

  /** Counter: STS calls that went to the fail-over Region. */
  public static final String STS_FAIL_OVER = "claviger.sts.fail.over";

  /**
   * Timer by {@link #RESULT} (opened, denied, target-denied, misconfigured, target-misconfigured,
   * own-credentials, first-hop-ended, throttled, retryable): sessions requested from STS, both
   * hops. {@code denied}: a role does not admit the broker. {@code own-credentials}: the broker's
   * own are invalid. {@code retryable}: any failure that may be temporary.
   */
  public static final String STS_CALLS = "claviger.sts.calls";

  /** Gauge: entries of the replicated map of sessions. */
  public static final String STORE_SIZE = "claviger.store.size";

  /**
   * Counter by {@link #CAUSE} (format, key, seal, type, content): values of the replicated map that
   * could not be read. {@code key}: the sealing key is missing. {@code seal}: the value was changed
   * or moved.
   */
  public static final String STORE_UNREADABLE = "claviger.store.unreadable";

  /** Counter: failed writes to the replicated map. */
  public static final String STORE_FAILURES = "claviger.store.failures";

  /** Counter: expired entries of the replicated map that this broker has removed. */
  public static final String STORE_SWEPT = "claviger.store.swept";

  /**
   * Gauge by {@link #STATE} (serving, silent, unreached): the other brokers. {@code silent}:
   * brokers that open no sessions for this one. {@code unreached}: addresses of the names in {@code
   * peers.members} at which there is no broker.
   */
  public static final String PEERS = "claviger.peers";

  /** Counter by {@code result} (replaced, failed): certificate reloads. */
  public static final String PEER_CERTIFICATES = "claviger.peers.certificates";

  /** Tag: the current state. */
  public static final String STATE = "state";

  /** Tag: the priority of a request. */
  public static final String PRIORITY = "priority";

  /**
   * Tag: the account of the broker's identity; {@code usual} for all accounts without their own.
   */
  public static final String ACCOUNT = "account";

  /** Tag: the result. */
  public static final String RESULT = "result";

  /** Tag: the cause. */
  public static final String CAUSE = "cause";

  private Meters() {}

  /**
   * Returns the tag of an account.
   *
   * @param account 12 digits, from the configuration; empty for all others
   */
  public static Tag account(String account) {
    return Tag.of(ACCOUNT, account.isEmpty() ? "usual" : account);
  }

  /** Returns the tag of a priority. */
  public static Tag priority(RequestPriority priority) {
    return Tag.of(PRIORITY, priority.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Creates a timer of one priority before an account's quota. */
  public static Timer.Builder priority(String name, RequestPriority priority, Tag account) {
    return Timer.builder(name).tags(List.of(priority(priority), account));
  }
}
