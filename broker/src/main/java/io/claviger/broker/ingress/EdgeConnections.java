package io.claviger.broker.ingress;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.load.OpenConnections;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The edge connections of all bridges of this broker. Thread-safe. */
public final class EdgeConnections {

  /**
   * The maximum of one node. An edge has two connections, its successor has two, and each opens one
   * more while it moves a link.
   */
  private static final int MAX_OF_A_NODE = 16;

  private final int maximum;
  private final OpenConnections<EdgeConnection> beforeLogin;
  private final Set<EdgeConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong logins = new AtomicLong();
  private final Map<String, Set<EdgeConnection>> byCluster = new ConcurrentHashMap<>();

  /** Starts without connections. */
  public EdgeConnections(BridgeLimits limits, IngressMeters meters) {
    this.maximum = limits.connections();
    this.beforeLogin =
        new OpenConnections<>(
            limits.connectionsBeforeLogin() / 2,
            limits.connectionsBeforeLogin(),
            EdgeConnection::hadItsTime);
    meters.connections(open::size);
    meters.subscriptions(
        () ->
            byCluster.values().stream()
                .flatMap(Set::stream)
                .mapToLong(edge -> edge.subscriptions().size())
                .sum());
  }

  /** The number of open connections, before and after login, except those being displaced. */
  public int open() {
    return open.size();
  }

  /**
   * Writes a frame to every connection of a cluster that has registered the address. Frames of one
   * caller reach a connection in the order of the calls. Any thread.
   */
  void push(String cluster, String address, Buffer frame) {
    push(cluster, address, node -> frame);
  }

  /** As {@link #push(String, String, Buffer)}, with a frame for each node. Any thread. */
  void push(String cluster, String address, Function<String, Buffer> frameOfNode) {
    for (EdgeConnection edge : byCluster.getOrDefault(cluster, Set.of())) {
      edge.registrations().push(address, frameOfNode.apply(edge.node()));
    }
  }

  /**
   * Pushes a change of an association to the subscribed connections of its cluster. Any thread.
   *
   * @param follows the position before the change; null if only a revocation changes what edges see
   *     of the association
   */
  void changed(AssociationKey key, long revision, Position position, @Nullable Position follows) {
    for (EdgeConnection edge : byCluster.getOrDefault(key.cluster(), Set.of())) {
      if (edge.subscriptions().in(key)) {
        edge.registrations().pushChanged(key, revision, position, follows);
      }
    }
  }

  /** The connections of a cluster. Any thread. */
  Collection<EdgeConnection> of(String cluster) {
    return byCluster.getOrDefault(cluster, Set.of());
  }

  /**
   * Adds a new connection.
   *
   * @param source the client's address
   * @return the connection to close in favour of the new one; null if none
   */
  @Nullable EdgeConnection opened(EdgeConnection edge, String source) {
    EdgeConnection displaced = beforeLogin.opened(edge, source);
    if (displaced != null) {
      open.remove(displaced);
    }
    if (displaced != edge) {
      open.add(edge);
    }
    return displaced;
  }

  /** Records that the connection has presented a validly signed edge token. Any thread. */
  void signed(EdgeConnection edge) {
    beforeLogin.closed(edge);
  }

  /** Whether another edge may log in. */
  boolean hasRoom() {
    return byCluster.values().stream().mapToInt(Set::size).sum() < maximum;
  }

  /**
   * Adds a connection to those of its cluster. If its node has too many, closes the node's oldest.
   */
  void loggedIn(String cluster, EdgeConnection edge) {
    Set<EdgeConnection> ofTheCluster =
        byCluster.computeIfAbsent(cluster, of -> ConcurrentHashMap.newKeySet());
    // Numbers it before others see it: without a number, it would be closed as the oldest.
    edge.login(logins.incrementAndGet());
    // Adds it before counting: of two concurrent logins, at least one sees both connections.
    ofTheCluster.add(edge);
    ofTheCluster.stream()
        .filter(one -> one.node().equals(edge.node()))
        .sorted(Comparator.comparingLong((EdgeConnection one) -> -one.login()))
        // Closes all beyond the maximum: a closed one stays in the set until its socket has closed.
        .skip(MAX_OF_A_NODE)
        .forEach(EdgeConnection::cut);
  }

  void closed(EdgeConnection edge) {
    open.remove(edge);
    beforeLogin.closed(edge);
    byCluster.values().forEach(edges -> edges.remove(edge));
  }
}
