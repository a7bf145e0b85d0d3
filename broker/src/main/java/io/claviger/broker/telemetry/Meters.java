package io.claviger.broker.telemetry;

/**
 * Names of meters and of their tags. Tag values are of closed sets: never a workload, a role or a
 * token.
 */
public final class Meters {

  /** Counter: answers to requests for credentials, by {@link #RESULT}. */
  public static final String ISSUE_OUTCOMES = "claviger.issue.outcomes";

  /** Counter: sessions opened here although another broker owns their key, by {@link #CAUSE}. */
  public static final String OWNER_TAKEOVERS = "claviger.owner.takeovers";

  /** Distribution: how many requests were gathered before their sessions were opened. */
  public static final String OPENING_BATCH = "claviger.opening.batch";

  /** Gauge: sessions that wait to be opened. */
  public static final String OPENING_WAITING = "claviger.opening.waiting";

  /** Gauge: sessions being opened. */
  public static final String OPENING_IN_FLIGHT = "claviger.opening.in.flight";

  /** Timer: sessions asked of STS, both hops, by {@link #RESULT}. */
  public static final String STS_CALLS = "claviger.sts.calls";

  /** Gauge: entries of the replicated map of sessions. */
  public static final String STORE_SIZE = "claviger.store.size";

  /** Counter: values of the replicated map that could not be unsealed, by {@link #CAUSE}. */
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
