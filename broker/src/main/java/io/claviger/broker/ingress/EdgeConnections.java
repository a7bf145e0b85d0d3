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

/** The connections of this broker, of all bridges. Thread-safe. */
public final class EdgeConnections {

  /** An edge has two, its successor two beside them, and either one more while it moves a link. */
  private static final int MAX_OF_A_NODE = 16;

  private final int maximum;
  private final OpenConnections<EdgeConnection> beforeLogin;
  private final Set<EdgeConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong logins = new AtomicLong();
  private final Map<String, Set<EdgeConnection>> byCluster = new ConcurrentHashMap<>();

  /** No connections yet. */
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

  /** How many are open, logged in or not; one that is being closed for another is not counted. */
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

  /**
   * Writes to every connection of a cluster that has registered the address the frame for its node,
   * in the same order. Any thread.
   */
  void push(String cluster, String address, Function<String, Buffer> frameOfNode) {
    for (EdgeConnection edge : byCluster.getOrDefault(cluster, Set.of())) {
      edge.registrations().push(address, frameOfNode.apply(edge.node()));
    }
  }

  /**
   * Pushes that an association changed to those connections of its cluster that it concerns. Any
   * thread.
   *
   * @param follows the position before the change; absent where it is another one to edges without
   *     having changed itself
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
   * A connection was made.
   *
   * @param source where it comes from
   * @return the one that has to be closed for it
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

  /** It has brought a token that its cluster has signed for an edge. Any thread. */
  void signed(EdgeConnection edge) {
    beforeLogin.closed(edge);
  }

  /** Whether one more edge may log in. */
  boolean hasRoom() {
    return byCluster.values().stream().mapToInt(Set::size).sum() < maximum;
  }

  /**
   * Counts a connection among those of its cluster. Where its node has too many, the oldest of
   * these go.
   */
  void loggedIn(String cluster, EdgeConnection edge) {
    Set<EdgeConnection> ofTheCluster =
        byCluster.computeIfAbsent(cluster, of -> ConcurrentHashMap.newKeySet());
    // Before others see it: a connection without a number would look like the oldest, and be cut.
    edge.login(logins.incrementAndGet());
    // Before others are counted: of two that log in at once, one at least sees both.
    ofTheCluster.add(edge);
    ofTheCluster.stream()
        .filter(one -> one.node().equals(edge.node()))
        .sorted(Comparator.comparingLong((EdgeConnection one) -> -one.login()))
        // All that are beyond it: one that was cut is here until its socket has closed.
        .skip(MAX_OF_A_NODE)
        .forEach(EdgeConnection::cut);
  }

  void closed(EdgeConnection edge) {
    open.remove(edge);
    beforeLogin.closed(edge);
    byCluster.values().forEach(edges -> edges.remove(edge));
  }
}
