package io.claviger.broker.telemetry;

/** The meters of the association log and of the audit stream: names and tags. */
public final class LogMeters {

  /** Gauge by {@link #CLUSTER}: the sequence that the table has applied. */
  public static final String TABLE_POSITION = "claviger.associations.position";

  /** Gauge: associations in the table. */
  public static final String TABLE_SIZE = "claviger.associations.size";

  /** Gauge: records between the table and the log's end, updated every second. */
  public static final String TABLE_LAG = "claviger.associations.lag";

  /**
   * Gauge: 1 while the table is a copy of another broker's because Kafka is unavailable, else 0.
   */
  public static final String TABLE_ADOPTED = "claviger.associations.adopted";

  /** Gauge: 1 while Kafka answers this broker, else 0. */
  public static final String LOG_UP = "claviger.associations.log.up";

  /** Counter: readings of the log that had to start again from the beginning. */
  public static final String TABLE_RELOADS = "claviger.associations.reloads";

  /**
   * Gauge in seconds: time since the table last had everything that the log had, during which it
   * may have missed changes; NaN before.
   */
  public static final String TABLE_STALENESS = "claviger.associations.staleness";

  /** Timer by {@link #RESULT} (reached, late): waits of lookups for the log's end. */
  public static final String BARRIER_WAITS = "claviger.associations.barrier";

  /** Counter: lookups that did not wait because Kafka was unavailable. */
  public static final String BARRIER_SKIPS = "claviger.associations.barrier.skipped";

  /** Gauge: partitions that this broker writes. */
  public static final String WRITER_PARTITIONS = "claviger.log.writer.partitions";

  /** Counter: restarts of the writer, which closes everything first. */
  public static final String WRITER_RESTARTS = "claviger.log.writer.restarts";

  /** Counter: entries that Kafka had lost and that this broker has written again from its table. */
  public static final String WRITTEN_AGAIN = "claviger.log.written.again";

  /**
   * Counter by {@link #RESULT}: commands decided and committed. The result is an effect ({@code
   * created}, {@code changed}, {@code unchanged}, {@code removed}) or the code of a refusal.
   * Effects of revocations start with {@code revocation-}, those of the cluster's uid with {@code
   * bound-}.
   */
  public static final String COMMANDS = "claviger.log.commands";

  /** Counter by {@link #TOPIC}: records that could not be read and were skipped. */
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
