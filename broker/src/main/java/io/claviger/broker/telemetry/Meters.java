package io.claviger.broker.telemetry;

import io.claviger.schemas.bus.Lane;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;

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

  /** Timer: how long sessions waited for their turn, by {@link #LANE} and {@link #ACCOUNT}. */
  public static final String OPENING_WAIT = "claviger.opening.wait";

  /**
   * Counter: sessions that could not stand in line, by {@link #ACCOUNT} and {@link #CAUSE} ({@code
   * full}; {@code quota}: their turn would come too late).
   */
  public static final String OPENING_TURNED_AWAY = "claviger.opening.turned.away";

  /** Gauge: calls of STS a second that this broker allows itself now, by {@link #ACCOUNT}. */
  public static final String QUOTA_RATE = "claviger.quota.rate";

  /** Gauge: 1 while unrelated roles deny the broker at once, so that the trouble is its own. */
  public static final String OWN_TROUBLE = "claviger.own.trouble";

  /**
   * Gauge, seconds: until the broker's own credentials end, by {@link #ACCOUNT}; not a number while
   * they have no end.
   */
  public static final String OWN_CREDENTIALS_LEFT = "claviger.own.credentials.left";

  /** Distribution, percent: how much of the room for policies and tags sessions take. */
  public static final String PACKED_POLICY_SIZE = "claviger.sts.packed.policy.size";

  /** Counter: calls of STS that went to the fail-over Region. */
  public static final String STS_FAIL_OVER = "claviger.sts.fail.over";

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

  /** Tag: how urgent it is. */
  public static final String LANE = "lane";

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

  /** A timer of one lane in front of an account's quota. */
  public static Timer.Builder lane(String name, Lane lane, Tag account) {
    return Timer.builder(name)
        .tag(LANE, lane.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .tags(List.of(account));
  }
}
