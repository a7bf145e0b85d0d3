package io.claviger.broker.app;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.bridge.RecordRoundTrip;
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

/** Encodes and decodes the records, besides credentials, that edges and brokers exchange. */
final class FrameRoundTrips {

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

  private FrameRoundTrips() {}

  static void run() {
    toBroker(BusProtocol.SYNC, SYNC, Sync.class);
    toEdge(new SyncReply.Synced(Position.NONE, List.of()), SyncReply.class);
    toBroker(BusProtocol.NODE_EVENTS, EVENTS, NodeEvents.class);
    toEdge(new NodeEventsReply(ENTRIES, 0), NodeEventsReply.class);
    toBroker(BusProtocol.PODS, PODS, PodReport.class);
    toEdge(new PodReportReply(PodPolicy.PREFERRED, List.of(), List.of()), PodReportReply.class);
  }

  /** Passes a record through a frame as an edge sends it. */
  static <T> T toBroker(String address, T record, Class<T> as) {
    return RecordRoundTrip.carry(
        BridgeFrames.SEND,
        address,
        Map.of("claviger-protocol", String.valueOf(BusProtocol.VERSION)),
        record,
        as);
  }

  /** Passes a record through a frame as a broker sends it. */
  static <T> T toEdge(T record, Class<T> as) {
    return RecordRoundTrip.carry(BridgeFrames.MESSAGE, "reply.0", Map.of(), record, as);
  }
}
