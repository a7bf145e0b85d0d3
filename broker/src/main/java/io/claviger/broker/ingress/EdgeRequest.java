package io.claviger.broker.ingress;

import io.claviger.schemas.association.AssociationKey;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * An edge's request with its session: the body of a message on this broker's own event bus. The
 * bridge creates it, or the warm-up. It never leaves the process.
 *
 * @param body the untrusted bytes of the request
 * @param session the session of the connection
 * @param connection the connection of the request
 * @param arrivedMillis when the frame arrived, in milliseconds since the epoch
 */
public record EdgeRequest(
    Buffer body, EdgeSession session, Connection connection, long arrivedMillis) {

  /** Names the edge, without any of the body. */
  @Override
  public String toString() {
    return "EdgeRequest of " + session.node() + " in " + session.cluster();
  }

  /** Subscriptions of a connection. Any thread. */
  public interface Connection {

    /**
     * Subscribes the edge to changes of this service account's association. Must be called before
     * the table is read.
     */
    void subscribe(AssociationKey key);

    /** Subscribes the edge to the deletion of this pod. Must be called before the look-up. */
    void report(UUID pod);
  }
}
