package io.claviger.broker.ingress;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The push addresses that an edge has registered on one connection. Each association change names
 * the change pushed before it, so that the edge detects a gap.
 */
final class EdgeRegistrations {

  private final Context context;
  private final EdgeSocket socket;
  private final Set<String> addresses = new HashSet<>();
  private Position lastChange = Position.NONE;

  EdgeRegistrations(Context context, EdgeSocket socket) {
    this.context = context;
    this.socket = socket;
  }

  /** Registers an address. Returns whether it is new. On the connection's context. */
  boolean add(String address) {
    return addresses.add(address);
  }

  /** Sets the position up to which the edge has all changes. On the connection's context. */
  void startAfter(Position position) {
    lastChange = position;
  }

  /** Writes a frame if the edge has registered the address. Any thread. */
  void push(String address, Buffer frame) {
    context.runOnContext(
        turn -> {
          if (addresses.contains(address)) {
            socket.write(frame);
          }
        });
  }

  /**
   * Pushes a change of an association if the edge has registered for changes. The push names the
   * change pushed before it. Any thread.
   */
  void pushChanged(
      AssociationKey key, long revision, Position position, @Nullable Position follows) {
    // A change that a re-read of the log no longer contains follows itself. So the edge sees that
    // it is out of order.
    boolean outOfTurn = position.equals(follows);
    context.runOnContext(turn -> write(key, revision, position, outOfTurn ? position : lastChange));
  }

  private void write(AssociationKey key, long revision, Position position, Position follows) {
    if (addresses.contains(BusProtocol.ASSOCIATION_CHANGED)) {
      socket.write(
          BridgeFrames.encodeMessage(
              BusProtocol.ASSOCIATION_CHANGED,
              Bodies.of(
                  new AssociationChanged(BusProtocol.VERSION, key, revision, position, follows))));
      lastChange = position;
    }
  }
}
