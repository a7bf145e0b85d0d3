package io.claviger.broker.ingress;

import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Revocations;
import io.claviger.broker.association.TableChange;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.KeyFetch;
import io.claviger.broker.identity.KeyListener;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes changes of a cluster to its subscribed edges, in the order in which it receives them. Any
 * thread.
 */
public final class EdgePushes implements AssociationListener, KeyListener {

  private static final Logger LOG = LoggerFactory.getLogger(EdgePushes.class);

  private final EdgeConnections connections;
  private final Function<String, Optional<PublishedKeys>> keys;
  private final Revocations revocations;

  /**
   * Creates a listener that pushes to connections.
   *
   * @param keys the current keys of a cluster's issuer
   * @param revocations those of the table whose changes are pushed
   */
  public EdgePushes(
      EdgeConnections connections,
      Function<String, Optional<PublishedKeys>> keys,
      Revocations revocations) {
    this.connections = connections;
    this.keys = keys;
    this.revocations = revocations;
  }

  @Override
  public void applied(TableChange change) {
    long revision =
        change.after().map(now -> RevocationPushes.revision(revocations, now)).orElse(0L);
    connections.changed(change.key(), revision, change.position(), change.follows());
  }

  @Override
  public void fetched(IssuerKeys issuer, KeyFetch outcome) {
    if (outcome instanceof KeyFetch.Changed) {
      String cluster = issuer.cluster().name();
      keys.apply(cluster).ifPresent(cached -> push(cluster, BusProtocol.KEYS_CHANGED, cached));
    }
  }

  private void push(String cluster, String address, Object record) {
    Buffer frame = BridgeFrames.encodeMessage(address, Bodies.of(record));
    if (EdgeSocket.fits(frame)) {
      connections.push(cluster, address, frame);
    } else {
      LOG.atWarn()
          .addKeyValue("cluster", cluster)
          .addKeyValue("address", address)
          .addKeyValue("bytes", frame.length())
          .log("a push is longer than a frame and was dropped");
    }
  }
}
