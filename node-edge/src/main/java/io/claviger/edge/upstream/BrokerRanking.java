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
 * Which brokers an edge's links go to: the two that have the highest score for its node among those
 * that are there (rendezvous hashing). Edges spread evenly without talking to each other, and a
 * broker that comes or goes moves one link of an edge at most.
 *
 * <p>Addresses are scored, as an edge learns a broker's name only at its login: with dual stack two
 * addresses may be one broker. So what is learned is remembered, and a broker has the rank of its
 * best address.
 */
final class BrokerRanking {

  /**
   * How long an address is not tried by a link without a broker, because the other link's broker
   * answered there; half of it at least. Behind a load balancer the next time may be another's.
   */
  static final Duration SAME_BROKER = Duration.ofMinutes(5);

  /**
   * A connection of a link.
   *
   * @param address that it goes to
   * @param broker who answered there, by name
   */
  record Connected(BrokerAddress address, String broker) {}

  /**
   * A link that ought to go elsewhere.
   *
   * @param from what it has
   * @param to an address of a broker that ranks higher; whose it is may be unknown as yet
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
   * A node's.
   *
   * @param avoidFor how long an address that failed comes last; half of it at least
   * @param random between 0 and 1: jitter, and which address when all have failed
   */
  BrokerRanking(String node, Duration avoidFor, LongSupplier nanoTime, DoubleSupplier random) {
    this.node = node;
    this.avoidFor = avoidFor;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** A broker said its name at an address. */
  void learned(BrokerAddress address, String broker) {
    learned.put(address, new Learned(broker, in(SAME_BROKER)));
  }

  /** Nobody could be logged in at, at an address. */
  void failed(BrokerAddress address) {
    avoided.put(address, in(avoidFor));
  }

  /** A connection ended by itself: its broker is not there, at whichever address, or is leaving. */
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
   * The address that a link without a connection, or with one that is old, connects to.
   *
   * @param there all addresses of brokers
   * @param taken brokers of the other links
   * @param trying addresses that other links are connecting to
   * @return absent when there is no broker but those that others have
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
                // All have failed: in turn, so that none is forgotten for another that hangs.
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
   * What is to be moved, one link at a time; absent while all links are where they ought to be.
   * Brokers that are connected count as there even if nobody lists them: one that is not ready for
   * a moment, or a DNS that says half, moves nobody.
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

  /** The best rank of any address of its broker, from 0 on. */
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

  /** All addresses, the best of this node first. */
  List<BrokerAddress> ranked(Collection<BrokerAddress> addresses) {
    return addresses.stream().sorted(Comparator.comparing(this::score).reversed()).toList();
  }

  /** Any function that spreads well; the name of an address does not count, it may have several. */
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
