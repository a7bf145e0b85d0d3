package io.claviger.edge.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Which brokers an edge's links connect to: of the available ones, the two with the highest score
 * for its node (rendezvous hashing). Edges spread evenly without coordination. A broker that joins
 * or leaves moves at most one link of an edge.
 *
 * <p>Addresses are scored, because an edge learns a broker's name only at its login. With dual
 * stack two addresses may be one broker. The edge therefore remembers the names, and a broker has
 * the rank of its best address.
 */
final class BrokerRanking {

  /**
   * How long a link without a broker skips an address, because the other link's broker answered
   * there; at least half of it. Behind a load balancer, another broker may answer next time.
   */
  static final Duration SAME_BROKER = Duration.ofMinutes(5);

  /**
   * A connection of a link.
   *
   * @param address that it goes to
   * @param broker the name of the broker that answered there
   */
  record Connected(BrokerAddress address, String broker) {}

  /**
   * A link that should move.
   *
   * @param from its current connection
   * @param to an address of a broker that ranks higher; the broker's name may be unknown yet
   */
  record Move(Connected from, BrokerAddress to) {}

  private record Learned(String broker, long until) {}

  private final String node;
  private final Duration avoidFor;
  private final LongSupplier nanoTime;
  private final DoubleSupplier random;
  private final Map<BrokerAddress, Learned> learned = new HashMap<>();
  private final Map<BrokerAddress, Long> avoided = new HashMap<>();

  /**
   * Creates the ranking of a node.
   *
   * @param avoidFor how long an address that failed comes last; at least half of it
   * @param random between 0 and 1: jitter, and the choice among addresses when all have failed
   */
  BrokerRanking(String node, Duration avoidFor, LongSupplier nanoTime, DoubleSupplier random) {
    this.node = node;
    this.avoidFor = avoidFor;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** Records the name of the broker at an address. */
  void learned(BrokerAddress address, String broker) {
    learned.put(address, new Learned(broker, in(SAME_BROKER)));
  }

  /** Records that no login succeeded at an address. */
  void failed(BrokerAddress address) {
    avoided.put(address, in(avoidFor));
  }

  /**
   * Records a connection that ended unexpectedly: its broker is gone or leaving, at all its
   * addresses.
   */
  void lost(Connected connected) {
    failed(connected.address());
    for (BrokerAddress address : List.copyOf(learned.keySet())) {
      if (broker(address).filter(connected.broker()::equals).isPresent()) {
        failed(address);
        learned.remove(address);
      }
    }
  }

  /**
   * Returns the address for a link without a connection, or with an old one.
   *
   * @param there all addresses of brokers
   * @param taken brokers of the other links
   * @param trying addresses that other links are connecting to
   * @return absent if there are only brokers that other links have
   */
  Optional<BrokerAddress> choose(
      Set<BrokerAddress> there, Set<String> taken, Set<BrokerAddress> trying) {
    forgetAllBut(there);
    List<BrokerAddress> free =
        ranked(there).stream()
            .filter(address -> !trying.contains(address) && !isOf(taken, address))
            .toList();
    return free.stream()
        .filter(address -> !isAvoided(address))
        .findFirst()
        .or(
            () ->
                // All have failed: choose at random, so that an address that hangs does not block
                // the others.
                free.isEmpty()
                    ? Optional.empty()
                    : Optional.of(free.get((int) (random.getAsDouble() * free.size()))));
  }

  private boolean isOf(Set<String> taken, BrokerAddress address) {
    Learned known = learned.get(address);
    return known != null
        && taken.contains(known.broker())
        && known.until() - nanoTime.getAsLong() > 0;
  }

  /**
   * Returns the next move, one link at a time; absent if all links are on their best brokers.
   * Connected brokers count as available even if DNS omits them. A broker that is not ready for a
   * moment, or an incomplete DNS answer, moves no link.
   *
   * @param there all addresses of brokers
   * @param links all of them, connected
   */
  Optional<Move> move(Set<BrokerAddress> there, List<Connected> links) {
    Set<BrokerAddress> all = new HashSet<>(there);
    links.forEach(connected -> all.add(connected.address()));
    forgetAllBut(all);
    List<BrokerAddress> ranked = ranked(all);
    Connected last =
        links.stream()
            .max(Comparator.comparingInt(connected -> rank(ranked, connected)))
            .orElse(null);
    return last == null
        ? Optional.empty()
        : ranked.stream()
            .limit(rank(ranked, last))
            .filter(address -> !isAvoided(address))
            .filter(address -> links.stream().noneMatch(connected -> isOf(connected, address)))
            .findFirst()
            .map(address -> new Move(last, address));
  }

  /** Returns the best rank of any address of the broker, from 0 on. */
  private int rank(List<BrokerAddress> ranked, Connected connected) {
    return (int) ranked.stream().takeWhile(address -> !isOf(connected, address)).count();
  }

  private boolean isOf(Connected connected, BrokerAddress address) {
    return connected.address().equals(address)
        || broker(address).filter(connected.broker()::equals).isPresent();
  }

  private Optional<String> broker(BrokerAddress address) {
    return Optional.ofNullable(learned.get(address)).map(Learned::broker);
  }

  private boolean isAvoided(BrokerAddress address) {
    Long until = avoided.get(address);
    return until != null && until - nanoTime.getAsLong() > 0;
  }

  /** Returns all addresses, the best one for this node first. */
  List<BrokerAddress> ranked(Collection<BrokerAddress> addresses) {
    return addresses.stream().sorted(Comparator.comparing(this::score).reversed()).toList();
  }

  /** Any function that spreads well. The name is left out because an address may have several. */
  private UUID score(BrokerAddress address) {
    return UUID.nameUUIDFromBytes(
        (node + ' ' + address.ip() + ' ' + address.port()).getBytes(UTF_8));
  }

  private void forgetAllBut(Set<BrokerAddress> there) {
    learned.keySet().retainAll(there);
    avoided.keySet().retainAll(there);
  }

  private long in(Duration time) {
    return nanoTime.getAsLong() + (long) (time.toNanos() * (0.5 + random.getAsDouble() / 2));
  }
}
