package io.claviger.edge.upstream;

import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.SyncResult;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the broker of one connection what this edge holds, from whichever broker it has it: all of
 * it first, then what is new. So every broker that is connected pushes what concerns this edge. On
 * the connection's context only.
 */
final class HeldSync {

  private static final Logger LOG = LoggerFactory.getLogger(HeldSync.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** What a broker keeps of a connection before it pushes everything. */
  private static final int MOST_TOLD = 10_000;

  private final BrokerConnection connection;
  private final HeldReport report;
  private final EdgeMeters meters;
  private final LongSupplier nanoTime;
  private final PodReports pods;
  private final Set<AssociationKey> told = new HashSet<>();
  private boolean begun;
  private boolean underWay;
  private boolean again;
  private boolean confirms;
  private boolean failing;
  private Duration pause = FIRST_PAUSE;
  private long notBefore;

  HeldSync(
      BrokerConnection connection, HeldReport report, EdgeMeters meters, LongSupplier nanoTime) {
    this.connection = connection;
    this.report = report;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.notBefore = nanoTime.getAsLong();
    this.pods = new PodReports(connection, report, nanoTime);
  }

  /** Which pods are served is told beside what is held for them. */
  PodReports pods() {
    return pods;
  }

  /** Tells everything anew: something may have been missed. */
  void all() {
    if (failing) {
      // It did not help the last time.
      report.verifyAgain();
    }
    again = true;
    confirms = false;
    notBefore = nanoTime.getAsLong();
    turn();
  }

  /** Tells what has not been told; to be called several times a second. */
  void turn() {
    pods.turn();
    if (underWay || !connection.open() || nanoTime.getAsLong() - notBefore < 0) {
      return;
    }
    if (again || told.size() > MOST_TOLD) {
      again = false;
      begun = false;
      told.clear();
    }
    List<Sync.Known> untold =
        report.known().stream()
            .filter(known -> !told.contains(known.key()))
            .limit(Sync.MAX_KNOWN)
            .toList();
    if (!begun || !untold.isEmpty()) {
      underWay = true;
      connection
          .request(
              BusProtocol.SYNC,
              new Sync(BusProtocol.VERSION, report.newest(), untold),
              SyncReply.class,
              PATIENCE)
          .onComplete(reply -> answered(untold, reply));
    } else {
      confirms = true;
    }
  }

  /** The broker gave a sign of life. */
  void heard() {
    if (confirms) {
      report.confirmed();
    }
  }

  private void answered(List<Sync.Known> sent, AsyncResult<SyncReply> reply) {
    underWay = false;
    if (reply.failed()) {
      meters.sync(SyncResult.FAILED);
      failed(String.valueOf(reply.cause().getMessage()));
      // A broker that does not know of this pushes everything.
      confirms |= reply.cause() instanceof BrokerConnection.Refused;
      return;
    }
    switch (reply.result()) {
      case SyncReply.Behind behind -> {
        meters.sync(SyncResult.BEHIND);
        failed("the broker is behind");
      }
      case SyncReply.Synced synced -> {
        meters.sync(SyncResult.SYNCED);
        synced(sent, synced);
      }
    }
  }

  private void synced(List<Sync.Known> sent, SyncReply.Synced synced) {
    begun = true;
    failing = false;
    pause = FIRST_PAUSE;
    sent.forEach(known -> told.add(known.key()));
    synced.moved().forEach(known -> report.moved(known, synced.position()));
    // What did not fit, and what came meanwhile.
    turn();
    heard();
  }

  private void failed(String reason) {
    notBefore = nanoTime.getAsLong() + pause.toNanos();
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    if (!failing && connection.open()) {
      failing = true;
      LOG.atInfo()
          .addKeyValue("broker", connection.address())
          .addKeyValue("reason", reason)
          .log("a broker cannot say what is still so, what is held is asked for again");
      report.verifyAgain();
    }
  }
}
