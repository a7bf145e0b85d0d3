package io.claviger.edge.upstream;

import io.claviger.edge.credential.Journal;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.SyncResult;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports this edge's cache to the broker of one connection, including what other brokers answered:
 * first all entries, then new ones. Every connected broker therefore pushes what concerns this
 * edge. On the connection's context only.
 */
final class CacheSync {

  private static final Logger LOG = LoggerFactory.getLogger(CacheSync.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A broker that is late this often in a row counts as unable to answer. */
  private static final int LATE_FOR_LONG = 3;

  private final BrokerConnection connection;
  private final CacheReport report;
  private final EdgeMeters meters;
  private final LongSupplier nanoTime;
  private final Supplier<List<CacheSync>> others;
  private final PodReports pods;

  /**
   * Grows until all is reported anew; a broker closes a connection with too many reported entries.
   */
  private final Set<AssociationKey> reported = new HashSet<>();

  /** The entries to report, oldest first; they stay until the broker has answered. */
  private final Set<AssociationKey> outbox = new LinkedHashSet<>();

  private long read;
  private boolean again;
  private boolean begun;
  private boolean underWay;
  private boolean confirms;
  private int failures;
  private boolean suspect;
  private Duration pause = FIRST_PAUSE;
  private long notBefore;

  /**
   * Reports nothing yet.
   *
   * @param others the reports on other connections
   */
  CacheSync(
      BrokerConnection connection,
      CacheReport report,
      EdgeMeters meters,
      LongSupplier nanoTime,
      Supplier<List<CacheSync>> others) {
    this.connection = connection;
    this.report = report;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.others = others;
    this.notBefore = nanoTime.getAsLong();
    this.pods = new PodReports(connection, report, nanoTime);
  }

  /** Returns the report of served pods on this connection. */
  PodReports pods() {
    return pods;
  }

  /** Reports everything anew, because a push may be missing. */
  void all() {
    again = true;
    confirms = false;
    if (failures > 0) {
      // The last report did not succeed.
      suspect();
    }
    notBefore = nanoTime.getAsLong();
    turn();
  }

  /** Reports new entries; call it several times a second. */
  void turn() {
    pods.turn();
    if (underWay || !connection.open() || nanoTime.getAsLong() - notBefore < 0) {
      return;
    }
    if (again) {
      again = false;
      begun = false;
      reported.clear();
      startOver();
    } else if (outbox.size() < Sync.MAX_KNOWN) {
      readOn();
    }
    List<AssociationKey> keys = new ArrayList<>();
    List<Sync.Known> batch = nextBatch(keys);
    if (!begun || !batch.isEmpty()) {
      underWay = true;
      connection
          .request(
              BusProtocol.SYNC,
              new Sync(BusProtocol.VERSION, report.newest(), batch),
              SyncReply.class,
              TIMEOUT)
          .onComplete(reply -> answered(keys, reply));
    } else {
      confirms = true;
    }
  }

  private void startOver() {
    // The end first: entries that are added from now on are read from there.
    read = report.newlyKnown().end();
    outbox.clear();
    report.associations().forEach(this::toBeReported);
  }

  private void readOn() {
    Journal<AssociationKey> journal = report.newlyKnown();
    if (journal.end() == read) {
      return;
    }
    Optional<List<AssociationKey>> news = journal.from(read);
    if (news.isPresent()) {
      read += news.get().size();
      news.get().forEach(this::toBeReported);
    } else {
      startOver();
    }
  }

  private void toBeReported(AssociationKey key) {
    if (!reported.contains(key)) {
      outbox.add(key);
    }
  }

  /**
   * Returns the current entries of as many service accounts as fit into a request; dropped ones are
   * left out.
   */
  private List<Sync.Known> nextBatch(List<AssociationKey> keys) {
    List<Sync.Known> batch = new ArrayList<>();
    Iterator<AssociationKey> next = outbox.iterator();
    while (next.hasNext() && batch.size() < Sync.MAX_KNOWN) {
      AssociationKey key = next.next();
      Collection<Sync.Known> known = report.known(key);
      if (known.isEmpty()) {
        next.remove();
      } else if (batch.isEmpty() || batch.size() + known.size() <= Sync.MAX_KNOWN) {
        known.stream().limit(Sync.MAX_KNOWN).forEach(batch::add);
        keys.add(key);
      } else {
        break;
      }
    }
    return batch;
  }

  /** Records a sign of life of the broker. */
  void heard() {
    if (confirms) {
      report.confirmed();
    }
  }

  private void answered(List<AssociationKey> sent, AsyncResult<SyncReply> reply) {
    underWay = false;
    if (reply.failed()) {
      meters.sync(SyncResult.FAILED);
      boolean refused = reply.cause() instanceof BrokerConnection.Refused;
      failed(refused && !begun, String.valueOf(reply.cause().getMessage()));
      return;
    }
    switch (reply.result()) {
      case SyncReply.Behind behind -> {
        meters.sync(SyncResult.BEHIND);
        failed(true, "the broker is behind");
      }
      case SyncReply.Synced synced -> {
        meters.sync(SyncResult.SYNCED);
        synced(sent, synced);
      }
    }
  }

  private void synced(List<AssociationKey> sent, SyncReply.Synced synced) {
    begun = true;
    failures = 0;
    suspect = false;
    pause = FIRST_PAUSE;
    reported.addAll(sent);
    sent.forEach(outbox::remove);
    synced.changed().forEach(known -> report.changed(known, synced.position()));
    if (again || !outbox.isEmpty()) {
      // For entries that did not fit. Entries that came meanwhile wait, to be sent together.
      turn();
    } else {
      confirms = true;
    }
    heard();
  }

  /**
   * Repeats the report later.
   *
   * @param unable whether the broker cannot confirm entries; otherwise it is only late
   */
  private void failed(boolean unable, String reason) {
    confirms = false;
    notBefore = nanoTime.getAsLong() + pause.toNanos();
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    failures++;
    if (suspect || !connection.open()) {
      return;
    }
    if (unable || failures >= LATE_FOR_LONG || others.get().stream().noneMatch(CacheSync::covers)) {
      LOG.atInfo()
          .addKeyValue("broker", connection.address())
          .addKeyValue("reason", reason)
          .log(
              "a broker cannot confirm cached entries: those that no other broker has a report of"
                  + " are requested again");
      suspect();
    }
  }

  /** Requests again the entries that are reported neither to this broker nor to another one. */
  private void suspect() {
    suspect = true;
    Collection<AssociationKey> open = again ? report.associations() : outbox;
    List<CacheSync> covering = others.get().stream().filter(CacheSync::covers).toList();
    List<AssociationKey> uncovered =
        open.stream().filter(key -> covering.stream().noneMatch(sync -> sync.covers(key))).toList();
    if (!uncovered.isEmpty()) {
      report.verifyAgain(uncovered);
    }
  }

  /** Whether the broker is alive, pushes what was reported to it, and no push is missing. */
  private boolean covers() {
    return begun && !again && connection.open() && !connection.suspect();
  }

  private boolean covers(AssociationKey key) {
    return reported.contains(key);
  }
}
