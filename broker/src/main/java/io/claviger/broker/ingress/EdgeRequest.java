package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * What an edge sent to an address, and who it is: the body of a message on this broker's own event
 * bus. Made by the bridge, and by the warm-up in its place; it never leaves the process.
 *
 * @param body as it came: foreign bytes
 * @param session what the login bound to the connection
 * @param connection which it came on
 * @param arrivedMillis when its frame was here, in milliseconds of the epoch
 */
public record EdgeRequest(
    Buffer body, EdgeSession session, Connection connection, long arrivedMillis) {

  /** Names who asks, and nothing of what it sent. */
  @Override
  public String toString() {
    return "EdgeRequest of " + session.node() + " in " + session.cluster();
  }

  /** What is pushed to a connection's edge without being asked for. Any thread. */
  public interface Connection {

    /**
     * From now on the edge is told when this service account's association changes: to be called
     * before the table is read.
     */
    void subscribe(AssociationKey key);

    /** The edge is told once this pod is gone: to be called before the pod is looked for. */
    void report(UUID pod);
  }
}
