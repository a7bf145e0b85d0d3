package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A broker accepted an edge's login. If it rejects a login, it sends an error frame and closes the
 * connection.
 *
 * @param version of the protocol that both use
 * @param broker the broker's member name
 * @param cluster the cluster of the edge's token
 * @param node the node that the edge's token is bound to
 * @param nodeUid the node's uid; absent if the token contains none
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
