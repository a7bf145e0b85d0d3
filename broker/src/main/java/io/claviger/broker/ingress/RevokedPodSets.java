package io.claviger.broker.ingress;

import io.claviger.broker.association.Revocations;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RevokedPods;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The revoked pods of each node, from the revocations of the table. For these pods, edges send each
 * request to a broker. Thread-safe.
 */
public final class RevokedPodSets {

  private final Revocations revocations;
  private final Function<String, Position> positions;

  /**
   * Reads the revocations of a table.
   *
   * @param positions the last position of a cluster's log that this broker has applied
   */
  public RevokedPodSets(Revocations revocations, Function<String, Position> positions) {
    this.revocations = revocations;
    this.positions = positions;
  }

  /** Returns a snapshot for a cluster: a function from node to revoked pods. */
  Function<String, RevokedPods> of(String cluster) {
    // Reads the position first: the revocations may be newer than the position, never older.
    Position position = positions.apply(cluster);
    Collection<Revocation> all = revocations.of(cluster);
    Set<String> nodes = Set.copyOf(names(all, Kind.NODE));
    List<String> pods = names(all, Kind.POD);
    boolean tooMany = pods.size() > RevokedPods.MAX_PODS;
    RevokedPods everything = new RevokedPods(BusProtocol.VERSION, position, true, List.of());
    RevokedPods some =
        tooMany ? everything : new RevokedPods(BusProtocol.VERSION, position, false, pods);
    return node -> nodes.contains(node) ? everything : some;
  }

  private static List<String> names(Collection<Revocation> all, Kind kind) {
    return all.stream()
        .map(Revocation::subject)
        .filter(subject -> subject.kind() == kind)
        .map(RevokedSubject::name)
        .sorted()
        .collect(Collectors.toList());
  }
}
