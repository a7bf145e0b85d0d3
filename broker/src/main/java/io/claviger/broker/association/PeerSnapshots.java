package io.claviger.broker.association;

import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import java.util.concurrent.CompletionStage;

/** Other brokers' tables: the port. */
@FunctionalInterface
public interface PeerSnapshots {

  /** Asks one broker; fails within a deadline when it does not answer. */
  CompletionStage<SnapshotReply> ask(String nodeId, SnapshotRequest request);
}
