package io.claviger.broker.app;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.bridge.CarriedRecords;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.claviger.schemas.event.ServedFrom;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What an edge says and is told besides credentials, on the way of frames. */
final class WalkedFrames {

  private static final int ENTRIES = 8;

  private static final Sync SYNC =
      new Sync(
          BusProtocol.VERSION,
          Position.NONE,
          Collections.nCopies(
              ENTRIES,
              new Sync.Known(new AssociationKey("warm-up", "warm-up", "warm-up"), "a-warm-up", 1)));

  private static final NodeEvents EVENTS =
      new NodeEvents(
          BusProtocol.VERSION,
          Collections.nCopies(
              ENTRIES,
              new NodeEvent.Delivered(
                  Instant.EPOCH,
                  "warm-up",
                  "warm-up",
                  "warm-up-0",
                  "warm-up-0",
                  "a-warm-up",
                  1L,
                  "WARMUP",
                  Instant.EPOCH,
                  "warm-up",
                  ServedFrom.BROKER)));

  private static final PodReport PODS =
      new PodReport(
          BusProtocol.VERSION,
          false,
          Collections.nCopies(ENTRIES, new PodReport.Pod("warm-up", "warm-up-0", "warm-up-0")));

  private WalkedFrames() {}

  static void walk() {
    asked(BusProtocol.SYNC, SYNC, Sync.class);
    told(new SyncReply.Synced(Position.NONE, List.of()), SyncReply.class);
    asked(BusProtocol.NODE_EVENTS, EVENTS, NodeEvents.class);
    told(new NodeEventsReply(ENTRIES, 0), NodeEventsReply.class);
    asked(BusProtocol.PODS, PODS, PodReport.class);
    told(new PodReportReply(PodPolicy.PREFERRED, List.of(), List.of()), PodReportReply.class);
  }

  /** From an edge. */
  static <T> T asked(String address, T record, Class<T> as) {
    return CarriedRecords.carry(
        BridgeFrames.SEND,
        address,
        Map.of("claviger-protocol", String.valueOf(BusProtocol.VERSION)),
        record,
        as);
  }

  /** To an edge. */
  static <T> T told(T record, Class<T> as) {
    return CarriedRecords.carry(BridgeFrames.MESSAGE, "reply.0", Map.of(), record, as);
  }
}
