package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.upstream.BrokerRanking.Connected;
import io.claviger.edge.upstream.BrokerRanking.Move;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A {@link BrokerRanking} ... */
final class BrokerRankingTest {

  private static final Duration AVOIDED = Duration.ofSeconds(20);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 7);
  private double random = 1.0;
  private final BrokerRanking ranking = ranking("node-1");

  private BrokerRanking ranking(String node) {
    return new BrokerRanking(node, AVOIDED, now::get, () -> random);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static BrokerAddress at(int number) {
    return new BrokerAddress("brokers.test", "10.0.0." + number, 7443);
  }

  private static Set<BrokerAddress> addresses(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(BrokerRankingTest::at)
        .collect(Collectors.toSet());
  }

  /** Returns addresses as this node ranks them, best first. */
  private List<BrokerAddress> ranked(int count) {
    return ranking.ranked(addresses(count));
  }

  private Connected connected(BrokerAddress address, String broker) {
    ranking.learned(address, broker);
    return new Connected(address, broker);
  }

  @Test
  void sendsNodesToAllBrokersAlike() {
    Map<BrokerAddress, Long> first =
        IntStream.range(0, 3_000)
            .mapToObj(node -> ranking("node-" + node).ranked(addresses(3)).getFirst())
            .collect(Collectors.groupingBy(address -> address, Collectors.counting()));

    assertThat(first.values()).hasSize(3).allMatch(nodes -> nodes > 900 && nodes < 1_100);
  }

  @Test
  void givesLinksTheTwoBestBrokers() {
    List<BrokerAddress> best = ranked(4);

    assertThat(ranking.choose(addresses(4), Set.of(), Set.of())).contains(best.get(0));
    assertThat(ranking.choose(addresses(4), Set.of(), Set.of(best.get(0)))).contains(best.get(1));
    ranking.learned(best.get(0), "a");
    assertThat(ranking.choose(addresses(4), Set.of("a"), Set.of())).contains(best.get(1));
  }

  @Test
  void givesALinkNoAddressOfTheBrokerThatTheOtherHas() {
    ranking.learned(at(1), "a");
    ranking.learned(at(2), "a");

    assertThat(ranking.choose(addresses(2), Set.of("a"), Set.of())).isEmpty();
    assertThat(ranking.choose(addresses(3), Set.of("a"), Set.of())).contains(at(3));
  }

  @Test
  void triesAnAddressOfTheSameBrokerRarely() {
    ranking.learned(at(1), "a");

    pass(BrokerRanking.SAME_BROKER.minusNanos(1));
    assertThat(ranking.choose(addresses(1), Set.of("a"), Set.of())).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(ranking.choose(addresses(1), Set.of("a"), Set.of())).contains(at(1));

    random = 0.0;
    ranking.learned(at(1), "a");
    pass(BrokerRanking.SAME_BROKER.dividedBy(2));
    assertThat(ranking.choose(addresses(1), Set.of("a"), Set.of())).contains(at(1));
  }

  @Test
  void putsAddressesThatFailedLastForAWhile() {
    List<BrokerAddress> best = ranked(3);
    ranking.failed(best.get(0));

    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(best.get(1));
    pass(AVOIDED);
    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(best.get(0));
  }

  @Test
  void choosesByChanceWhereAllHaveFailed() {
    addresses(3).forEach(ranking::failed);

    random = 0.0;
    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(ranked(3).getFirst());
    random = 0.99;
    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(ranked(3).getLast());
  }

  @Test
  void avoidsABrokerThatWasLostAtAllItsAddresses() {
    List<BrokerAddress> best = ranked(3);
    Connected lost = connected(best.get(0), "a");
    ranking.learned(best.get(1), "a");

    ranking.lost(lost);

    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(best.get(2));
  }

  @Test
  void avoidsTheAddressOfALostBrokerAlsoWhenItsNameThereIsForgotten() {
    List<BrokerAddress> best = ranked(3);

    ranking.lost(new Connected(best.get(0), "a"));

    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(best.get(1));
  }

  /** The broker has come back at another address: the other link has it. */
  @Test
  void takesTheAddressOfALostBrokerForAnybodysAfterAWhile() {
    List<BrokerAddress> best = ranked(3);
    ranking.lost(connected(best.get(0), "a"));

    pass(AVOIDED);

    assertThat(ranking.choose(addresses(3), Set.of("a"), Set.of())).contains(best.get(0));
  }

  @Test
  void forgetsAllOfAnAddressThatIsNotThere() {
    List<BrokerAddress> best = ranked(3);
    ranking.learned(best.get(0), "a");
    ranking.failed(best.get(0));

    assertThat(ranking.choose(Set.of(best.get(1)), Set.of(), Set.of())).contains(best.get(1));

    assertThat(ranking.choose(addresses(3), Set.of(), Set.of())).contains(best.get(0));
    assertThat(ranking.choose(addresses(3), Set.of("a"), Set.of())).contains(best.get(0));
  }

  @Test
  void movesNobodyAwayFromTheBestAddressWhenTheNameThereIsForgotten() {
    List<BrokerAddress> best = ranked(3);

    assertThat(
            ranking.move(
                addresses(3),
                List.of(new Connected(best.get(0), "a"), connected(best.get(1), "b"))))
        .isEmpty();
  }

  @Test
  void movesNobodyWhoIsWhereHeOughtToBe() {
    List<BrokerAddress> best = ranked(5);

    assertThat(
            ranking.move(
                addresses(5), List.of(connected(best.get(1), "b"), connected(best.get(0), "a"))))
        .isEmpty();
  }

  @Test
  void movesTheLinkOfTheLowestRankToTheBestBrokerThatNoLinkHas() {
    List<BrokerAddress> best = ranked(5);
    Connected low = connected(best.get(3), "low");

    assertThat(ranking.move(addresses(5), List.of(low, connected(best.get(1), "b"))))
        .contains(new Move(low, best.get(0)));
    assertThat(ranking.move(addresses(5), List.of(connected(best.get(0), "a"), low)))
        .contains(new Move(low, best.get(1)));
  }

  @Test
  void movesNobodyToAnotherAddressOfABrokerThatALinkHas() {
    List<BrokerAddress> best = ranked(4);
    ranking.learned(best.get(0), "a");
    ranking.learned(best.get(1), "b");
    List<Connected> links = List.of(connected(best.get(3), "a"), connected(best.get(2), "b"));

    assertThat(ranking.move(addresses(4), links)).isEmpty();
    // However long ago the name was learned.
    pass(BrokerRanking.SAME_BROKER.multipliedBy(10));
    assertThat(ranking.move(addresses(4), links)).isEmpty();
  }

  @Test
  void findsOutWhoseAnAddressOfAHigherRankIs() {
    List<BrokerAddress> best = ranked(3);
    Connected a = connected(best.get(1), "a");
    Connected b = connected(best.get(2), "b");

    assertThat(ranking.move(addresses(3), List.of(a, b))).contains(new Move(b, best.get(0)));
    ranking.learned(best.get(0), "b");
    assertThat(ranking.move(addresses(3), List.of(a, b))).isEmpty();
  }

  @Test
  void movesNobodyToABrokerThatHasJustFailed() {
    List<BrokerAddress> best = ranked(3);
    List<Connected> links = List.of(connected(best.get(1), "b"), connected(best.get(2), "c"));
    ranking.failed(best.get(0));

    assertThat(ranking.move(addresses(3), links)).isEmpty();
    pass(AVOIDED);
    assertThat(ranking.move(addresses(3), links)).isPresent();
  }

  @Test
  void movesNobodyBecauseABrokerIsNotListed() {
    List<BrokerAddress> best = ranked(4);
    List<Connected> links = List.of(connected(best.get(0), "a"), connected(best.get(1), "b"));

    assertThat(ranking.move(Set.of(), links)).isEmpty();
    assertThat(ranking.move(Set.of(best.get(2), best.get(3)), links)).isEmpty();
  }
}
