package io.claviger.broker.telemetry;

/** Meters of the association log and of the audit stream: names and tags. */
public final class LogMeters {

  /** Gauge by {@link #CLUSTER}: the sequence that the table has applied. */
  public static final String TABLE_POSITION = "claviger.associations.position";

  /** Gauge: associations in the table. */
  public static final String TABLE_SIZE = "claviger.associations.size";

  /**
   * Gauge: records between the table and the log's end, as of the last look at it, a second ago.
   */
  public static final String TABLE_LAG = "claviger.associations.lag";

  /** Gauge: 1 while the table is another broker's, taken because Kafka was away, else 0. */
  public static final String TABLE_ADOPTED = "claviger.associations.adopted";

  /** Gauge: 1 while Kafka answers this broker, else 0. */
  public static final String LOG_UP = "claviger.associations.log.up";

  /** Counter: readings that had to start again from the beginning. */
  public static final String TABLE_RELOADS = "claviger.associations.reloads";

  /**
   * Gauge in seconds: for how long the table may have missed changes: since it was last known to
   * have all that the log had; NaN before.
   */
  public static final String TABLE_STALENESS = "claviger.associations.staleness";

  /** Timer by {@link #RESULT} (reached, late): how long lookups waited for the log's end. */
  public static final String BARRIER_WAITS = "claviger.associations.barrier";

  /** Counter: lookups that did not wait because Kafka was away. */
  public static final String BARRIER_SKIPS = "claviger.associations.barrier.skipped";

  /** Gauge: partitions that this broker writes. */
  public static final String WRITER_PARTITIONS = "claviger.log.writer.partitions";

  /** Counter: how often the writer closed everything and started again. */
  public static final String WRITER_RESTARTS = "claviger.log.writer.restarts";

  /**
   * Counter: entries that this broker has written again from its table, because Kafka had lost
   * them.
   */
  public static final String WRITTEN_AGAIN = "claviger.log.written.again";

  /**
   * Counter by {@link #RESULT}: commands decided and committed; the result is an effect ({@code
   * created}, {@code changed}, {@code unchanged}, {@code removed}; of revocations with {@code
   * revocation-} before it, of the cluster's uid with {@code bound-}) or the code of a refusal.
   */
  public static final String COMMANDS = "claviger.log.commands";

  /** Counter by {@link #TOPIC}: records that could not be read, and were passed over. */
  public static final String MALFORMED = "claviger.log.malformed";

  /** Counter: audit events that Kafka has acknowledged. */
  public static final String EVENTS_SENT = "claviger.events.sent";

  /** Counter: audit events dropped because too many were waiting. */
  public static final String EVENTS_DROPPED = "claviger.events.dropped";

  /** Counter: audit events that could not be delivered. */
  public static final String EVENTS_FAILED = "claviger.events.failed";

  /** Gauge: audit events waiting to be acknowledged. */
  public static final String EVENTS_QUEUED = "claviger.events.queued";

  public static final String CLUSTER = "cluster";
  public static final String RESULT = "result";
  public static final String TOPIC = "topic";

  private LogMeters() {}
}
