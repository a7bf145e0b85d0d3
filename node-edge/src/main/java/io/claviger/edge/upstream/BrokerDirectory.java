package io.claviger.edge.upstream;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The available brokers: every address of every configured name. */
final class BrokerDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerDirectory.class);

  private final Vertx vertx;
  private final List<HostPort> brokers;

  BrokerDirectory(Vertx vertx, List<HostPort> brokers) {
    this.vertx = vertx;
    this.brokers = List.copyOf(brokers);
  }

  /** Resolves all names; a name that cannot be resolved is left out. */
  Future<Set<BrokerAddress>> resolve() {
    return vertx.executeBlocking(this::look, false);
  }

  private Set<BrokerAddress> look() {
    Set<BrokerAddress> found = new LinkedHashSet<>();
    for (HostPort broker : brokers) {
      try {
        for (InetAddress address : InetAddress.getAllByName(broker.host())) {
          found.add(new BrokerAddress(broker.host(), address.getHostAddress(), broker.port()));
        }
      } catch (UnknownHostException e) {
        LOG.atDebug().addKeyValue("broker", broker).log("cannot resolve the name of a broker");
      }
    }
    return found;
  }
}
