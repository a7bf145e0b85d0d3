package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A broker let an edge in. One that it does not let in gets an error frame and a closed connection.
 *
 * @param version of the protocol that both speak
 * @param broker the broker's member name
 * @param cluster the cluster that the edge's token is of
 * @param node the node that the edge's token is bound to
 * @param nodeUid its uid; absent where the token names none
 * @param validUntil when the connection ends unless a newer token is presented
 * @param position of the cluster's log at the broker
 */
public record LoginReply(
    int version,
    String broker,
    String cluster,
    String node,
    @Nullable String nodeUid,
    Instant validUntil,
    Position position) {

  public LoginReply {
    Check.text(broker, "broker");
    Check.text(cluster, "cluster");
    Check.text(node, "node");
    Check.present(validUntil, "validUntil");
    Check.present(position, "position");
  }
}
