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
 * What an edge has registered for on one connection, and is pushed. Each change of an association
 * names the one that was pushed before it, so that the edge notices a gap.
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

  /** Registers an address; answers whether it was not before. On the connection's context. */
  boolean add(String address) {
    return addresses.add(address);
  }

  /** The edge knows changes up to here. On the connection's context. */
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
   * Says that an association changed, if the edge has registered for it, following whatever was
   * said last. Any thread.
   */
  void pushChanged(
      AssociationKey key, long revision, Position position, @Nullable Position follows) {
    // Of what follows itself (what a new reading of the log did not meet) the edge sees that it is
    // out of turn.
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
