package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.ReadBarrier;
import io.claviger.broker.association.TableSnapshot;
import io.claviger.schemas.association.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole log into the table and keeps reading; measures the lag behind the log's end.
 * While Kafka is unavailable, the table stays as it is, and the read barrier does not wait.
 */
public final class ChangesReader implements ReadBarrier {

  private static final Logger LOG = LoggerFactory.getLogger(ChangesReader.class);
  private static final long LOOK_MILLIS = 1_000;

  /**
   * Each request itself tries for a second. The reader must detect Kafka's return before the writer
   * can decide a change, because until then lookups do not wait for the log's end.
   */
  private static final long LOOK_WHILE_AWAY_MILLIS = 50;

  private static final long UNKNOWN = -1;

  /** 0 is a valid id: the first timer of a Vert.x instance. */
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Context context;
  private final AssociationTable table;
  private final InstantSource clock;
  private final ReaderMeters meters;
  private final EndOffsets endOffsets;
  private final KafkaReadBarrier barrier;
  private final TopicReader reader;
  private final long[] positions = new long[Topics.PARTITIONS];
  private final long[] ends = new long[Topics.PARTITIONS];
  private final boolean[] toItsEnd = new boolean[Topics.PARTITIONS];
  private int reading;
  private long timer = NO_TIMER;
  private boolean over;
  private final KafkaAvailability availability = new KafkaAvailability();
  private volatile long lag;
  private Instant endsAskedAt = Instant.EPOCH;

  /**
   * Creates a reader that is not started. It applies entries to the table on the context on which
   * it is created.
   */
  public ChangesReader(
      Vertx vertx,
      KafkaClients clients,
      AssociationTable table,
      InstantSource clock,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.table = table;
    this.clock = clock;
    this.meters = new ReaderMeters(registry, table, clock, availability::up, () -> lag);
    this.endOffsets = new EndOffsets(clients, context, Topics.CHANGES, Topics.PARTITIONS);
    this.barrier =
        new KafkaReadBarrier(Topics.PARTITIONS, vertx, System::nanoTime, this::askForEnds);
    this.reader =
        new TopicReader(
            vertx,
            context,
            clients.reader("changes"),
            Topics.CHANGES,
            Topics.PARTITIONS,
            TopicReader.From.BEGINNING,
            new Applying());
  }

  /** Starts; Kafka may be unavailable. The table reports when it has caught up. */
  public void start() {
    context.runOnContext(
        v -> {
          reader.open();
          look();
        });
  }

  private void look() {
    askForEnds()
        .onComplete(
            answered -> {
              if (!over) {
                long pause = answered.succeeded() ? LOOK_MILLIS : LOOK_WHILE_AWAY_MILLIS;
                timer = vertx.setTimer(pause, t -> look());
              }
            });
  }

  /**
   * Makes the table adopt another broker's; see {@link AssociationTable#adopt}.
   *
   * @return whether it has
   */
  public CompletionStage<Boolean> adopt(TableSnapshot peer, Instant asOf) {
    CompletableFuture<Boolean> adopted = new CompletableFuture<>();
    context.runOnContext(v -> adopted.complete(table.adopt(peer, asOf, ClusterPartition::of)));
    return adopted;
  }

  /** Stops reading; the table stays. */
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        v -> {
          over = true;
          vertx.cancelTimer(timer);
          reader.close().eventually(endOffsets::close).onComplete(closed);
        });
    return closed.future();
  }

  /** Returns whether Kafka answered the last request. */
  public boolean up() {
    return availability.up();
  }

  @Override
  public CompletionStage<Reach> reach(String cluster, Duration timeout) {
    if (!availability.up()) {
      meters.skipped();
      return CompletableFuture.completedFuture(Reach.AWAY);
    }
    long started = System.nanoTime();
    CompletableFuture<Reach> reached = new CompletableFuture<>();
    context.runOnContext(
        v ->
            barrier
                .reach(ClusterPartition.of(cluster), timeout)
                .onSuccess(
                    reach -> {
                      meters.waited(reach, System.nanoTime() - started);
                      reached.complete(reach);
                    }));
    return reached;
  }

  private Future<long[]> askForEnds() {
    int begun = reading;
    long request = availability.ask();
    Instant askedAt = clock.instant();
    return endOffsets
        .ask()
        .onSuccess(
            answer -> {
              // End offsets count only if they were requested after this reading began.
              if (begun == reading) {
                System.arraycopy(answer, 0, ends, 0, ends.length);
                endsAskedAt = askedAt;
                compare();
              }
              availability.answered(request, true);
            })
        .onFailure(failure -> availability.answered(request, false));
  }

  private void compare() {
    long behind = 0;
    for (int i = 0; i < ends.length; i++) {
      if (ends[i] != UNKNOWN && positions[i] != UNKNOWN) {
        behind += Math.max(0, ends[i] - positions[i]);
        if (positions[i] >= ends[i] && !toItsEnd[i]) {
          toItsEnd[i] = true;
          table.reachedEnd(i);
        }
      }
    }
    lag = behind;
    if (!behind()) {
      table.confirmed(endsAskedAt);
    }
  }

  private boolean behind() {
    for (int i = 0; i < ends.length; i++) {
      if (positions[i] < ends[i] || !toItsEnd[i]) {
        return true;
      }
    }
    return false;
  }

  /** Applies the topic's records to the table. */
  private final class Applying implements TopicReader.Sink {
    @Override
    public void opened() {
      reading++;
      Arrays.fill(positions, UNKNOWN);
      Arrays.fill(ends, UNKNOWN);
      Arrays.fill(toItsEnd, false);
      for (int i = 0; i < Topics.PARTITIONS; i++) {
        barrier.position(i, UNKNOWN);
        table.restart(i);
      }
      askForEnds();
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
      LogEntry entry;
      try {
        entry = LogRecords.entry(record);
      } catch (RuntimeException e) {
        meters.malformed();
        LOG.atError()
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .log("change skipped: malformed");
        return;
      }
      if (!table.apply(record.partition(), entry) && toItsEnd[record.partition()]) {
        meters.reloaded();
        LOG.atWarn()
            .addKeyValue("cluster", entry.cluster())
            .addKeyValue("position", entry.position())
            .log("changes are missing: reading the partitions again");
        reader.restart();
      }
    }

    @Override
    public boolean wantsPositions() {
      return true;
    }

    @Override
    public void positions(Map<TopicPartition, Long> read) {
      read.forEach(
          (partition, position) -> {
            positions[partition.partition()] = position;
            barrier.position(partition.partition(), position);
          });
      compare();
    }
  }
}
