package io.claviger.broker.association;

import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import java.util.concurrent.CompletionStage;

/** The port to other brokers' tables. */
@FunctionalInterface
public interface PeerSnapshots {

  /** Sends a request to one broker; fails at a deadline if it does not answer. */
  CompletionStage<SnapshotReply> ask(String nodeId, SnapshotRequest request);
}
