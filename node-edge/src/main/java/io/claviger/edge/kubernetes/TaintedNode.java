package io.claviger.edge.kubernetes;

import io.vertx.core.Future;
import java.time.InstantSource;

/**
 * This node at the API server, with its startup taint.
 *
 * @param node that has it
 * @param taint its key
 * @param clock of the Event
 */
public record TaintedNode(NodeObject node, String taint, InstantSource clock)
    implements StartupTaint.Node {

  /** The Event's reason; the component's admission policy admits no other. */
  static final String REASON = "StartupTaintRemoved";

  @Override
  public Future<Boolean> removeTaint() {
    return node.removeTaint(taint);
  }

  @Override
  public Future<Void> reportRemovalWithoutBroker() {
    return node.warn(
        REASON,
        "Claviger's edge reaches no broker and has removed the taint "
            + taint
            + ", so that what brokers need (DNS, Kafka) can start here. Pods of this node may start"
            + " before there are credentials for them. Look at the logs of the pod claviger-edge of"
            + " this node, and whether brokers are ready.",
        clock.instant());
  }
}
