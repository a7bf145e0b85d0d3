package io.claviger.broker.adapter.kafka;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.KnownTables;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log's writer: takes its share of the partitions and decides their commands, on a thread of
 * its own. Brokers form a group. A partition has one writer at a time, and a replaced writer is
 * fenced.
 *
 * <p>After any failure it closes everything and starts again, after 50 ms at first, then after up
 * to 2 s.
 */
public final class LogWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);
  private static final Duration HEALTHY = Duration.ofSeconds(10);
  private static final Duration TOPICS = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(3);

  /** An operator must correct the topics first, and needs the reason in the log meanwhile. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final KafkaClients clients;
  private final GroupProtocol protocol;
  private final TopicSetup topics;
  private final AssociationDecisions decisions;
  private final KnownTables tables;
  private final WriterMeters meters;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> topicsExist = new CompletableFuture<>();
  private final CompletableFuture<Void> looked = new CompletableFuture<>();
  private volatile boolean refused;
  private volatile @Nullable WriterSession session;

  /**
   * Creates a writer that is not started.
   *
   * @param topics created before the group is joined
   * @param tables which may contain what the log has lost
   */
  public LogWriter(
      KafkaClients clients,
      GroupProtocol protocol,
      TopicSetup topics,
      AssociationDecisions decisions,
      KnownTables tables,
      MeterRegistry registry) {
    this.clients = clients;
    this.protocol = protocol;
    this.topics = topics;
    this.decisions = decisions;
    this.tables = tables;
    this.meters = new WriterMeters(registry);
    this.thread = Thread.ofPlatform().name("association-log-writer").daemon().unstarted(this::run);
  }

  /**
   * Starts; Kafka may be unavailable.
   *
   * @return completes once the log's topics exist; never fails
   */
  public CompletionStage<Void> start() {
    thread.start();
    return topicsExist;
  }

  /**
   * Returns the result of the first check of the topics.
   *
   * @return fails with {@link UnfitKafkaException} if they are unusable; completes if they are
   *     usable, or if Kafka is unavailable and the check happens later
   */
  public CompletionStage<Void> firstLook() {
    return looked;
  }

  /**
   * Returns whether this broker waits for a correction of the topics, and has never found them
   * usable.
   */
  public boolean topicsRefused() {
    return refused && !topicsExist.isDone();
  }

  /** Releases the partitions, and waits at most 3 s for it. */
  @Override
  public void close() {
    stop.countDown();
    WriterSession current = session;
    if (current != null) {
      current.wakeup();
    }
    try {
      if (!thread.join(CLOSE)) {
        LOG.atWarn().log("log writer did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration backoff = FIRST_BACKOFF;
    while (!stopped()) {
      long started = System.nanoTime();
      try {
        lookAtTopics();
        runSession();
      } catch (UnfitKafkaException e) {
        LOG.atError()
            .addKeyValue("unfit", e.getMessage())
            .log("kafka or its topics cannot be used: no changes are written");
        pause(LOOK_AGAIN);
      } catch (Exception e) {
        if (stopped()) {
          return;
        }
        boolean wasHealthy = System.nanoTime() - started > HEALTHY.toNanos();
        backoff = wasHealthy ? FIRST_BACKOFF : min(backoff.multipliedBy(2), LAST_BACKOFF);
        meters.restarted();
        LOG.atWarn()
            .addKeyValue("cause", Failures.cause(e).toString())
            .addKeyValue("backoff", backoff)
            .log("log writer starts again");
        pause(backoff);
      }
    }
  }

  private void lookAtTopics() throws Exception {
    try {
      topics.ensure().toCompletableFuture().get(TOPICS.toMillis(), TimeUnit.MILLISECONDS);
      refused = false;
      topicsExist.complete(null);
    } catch (ExecutionException e) {
      if (Failures.cause(e) instanceof UnfitKafkaException wrong) {
        refused = true;
        looked.completeExceptionally(wrong);
        throw wrong;
      }
      throw e;
    } finally {
      looked.complete(null);
    }
  }

  private void runSession() {
    WriterSession current = new WriterSession(clients, protocol, decisions, tables, meters);
    session = current;
    try {
      current.run(this::stopped);
    } finally {
      session = null;
    }
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  private void pause(Duration duration) {
    try {
      boolean unused = stop.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
