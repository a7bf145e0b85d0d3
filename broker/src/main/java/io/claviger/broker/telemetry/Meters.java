package io.claviger.broker.telemetry;

/**
 * Names of meters and of their tags. Tag values are of closed sets: never a workload, a role or a
 * token.
 */
public final class Meters {

  /**
   * Counter by {@link #RESULT} (issued, refused, unavailable): answers to requests for credentials.
   */
  public static final String ISSUE_OUTCOMES = "claviger.issue.outcomes";

  /**
   * Counter by {@link #CAUSE} (unknown, silent, unable, overflow): sessions opened here although
   * their key is not known to be this broker's: no owner is known, it gives no sign of life, it
   * cannot, or too many are being waited for.
   */
  public static final String OWNER_TAKEOVERS = "claviger.owner.takeovers";

  /** Distribution: how many requests were gathered before their sessions were opened. */
  public static final String OPENING_BATCH = "claviger.opening.batch";

  /** Gauge: sessions that wait to be opened. */
  public static final String OPENING_WAITING = "claviger.opening.waiting";

  /** Gauge: sessions being opened. */
  public static final String OPENING_IN_FLIGHT = "claviger.opening.in.flight";

  /**
   * Timer by {@link #RESULT} (opened, denied, misconfigured, own-credentials, throttled, passing):
   * sessions asked of STS, both hops. {@code denied}: a role does not let the broker in; {@code
   * own-credentials}: the broker's own are amiss; {@code passing}: anything that may pass.
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

  /** Tag: what came of it. */
  public static final String RESULT = "result";

  /** Tag: why it happened. */
  public static final String CAUSE = "cause";

  private Meters() {}
}
