package io.claviger.config.bridge;

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
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Encodes records into frames and decodes them, as edge and broker do, without a socket. A warm-up
 * uses it to run this code before the first request arrives.
 */
public final class FrameRoundTrips {

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

  /** Does so with the records other than credentials that edges and brokers exchange. */
  public static void run() {
    toBroker(BusProtocol.SYNC, SYNC, Sync.class);
    toEdge(new SyncReply.Synced(Position.NONE, List.of()), SyncReply.class);
    toBroker(BusProtocol.NODE_EVENTS, EVENTS, NodeEvents.class);
    toEdge(new NodeEventsReply(ENTRIES, 0), NodeEventsReply.class);
    toBroker(BusProtocol.PODS, PODS, PodReport.class);
    toEdge(PodReportReply.allThere(PodPolicy.PREFERRED), PodReportReply.class);
  }

  /** Returns the record that a broker would read. */
  public static <T> T toBroker(String address, T record, Class<T> as) {
    return read(BridgeFrames.encode(BridgeFrames.SEND, address, "reply.0", Bodies.of(record)), as);
  }

  /** Returns the record that an edge would read. */
  public static <T> T toEdge(T record, Class<T> as) {
    return read(BridgeFrames.encodeMessage("reply.0", Bodies.of(record)), as);
  }

  private static <T> T read(Buffer frame, Class<T> as) {
    List<T> arrived = new ArrayList<>(1);
    BridgeFrames.parser(
            parsed -> arrived.add(Bodies.read(Objects.requireNonNull(parsed.body()), as)),
            reason -> {
              throw new IllegalStateException(reason);
            })
        .handle(frame);
    return arrived.getFirst();
  }
}
