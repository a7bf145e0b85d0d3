package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.upstream.BrokerRanking.Connected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hundred edges and three brokers of a rollout, simulated by the ranking alone and a manual
 * clock.
 */
final class BrokerRolloutTest {

  private static final int EDGES = 100;
  private static final long STEP_MS = 100;
  private static final long LOOK_MS = 20_000;

  /** The maximum delay of DNS caches: an edge sees the list as it was then. */
  private static final int DNS_STEPS = 100;

  private final Random random = new Random(7);
  private final List<Edge> edges =
      IntStream.range(0, EDGES).mapToObj(number -> new Edge("node-" + number)).toList();
  private final Map<BrokerAddress, String> listening = new HashMap<>();
  private final List<Set<BrokerAddress>> listed = new ArrayList<>();
  private long nowMs;
  private int addresses;

  private final class Edge {
    private final BrokerRanking ranking;
    private final @Nullable Connected[] links = new Connected[2];
    private long look = nextLook();
    private int moves;
    private int logins;

    Edge(String node) {
      ranking =
          new BrokerRanking(
              node, Duration.ofMillis(LOOK_MS), () -> nowMs * 1_000_000, random::nextDouble);
    }

    private List<Connected> connected() {
      return Stream.of(links).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
    }

    private void step(Set<BrokerAddress> there) {
      for (int i = 0; i < links.length; i++) {
        Connected connected = links[i];
        if (connected != null && !connected.broker().equals(listening.get(connected.address()))) {
          links[i] = null;
          ranking.lost(connected);
        }
      }
      for (int i = 0; i < links.length; i++) {
        if (links[i] == null) {
          int link = i;
          Set<String> taken =
              connected().stream().map(Connected::broker).collect(Collectors.toSet());
          ranking.choose(there, taken, Set.of()).ifPresent(address -> login(link, address));
        }
      }
      if (nowMs >= look) {
        look = nextLook();
        if (connected().size() == links.length) {
          ranking
              .move(there, connected())
              .ifPresent(
                  move -> {
                    look = nowMs + LOOK_MS / 5;
                    if (login(move.from().equals(links[0]) ? 0 : 1, move.to())) {
                      moves++;
                    }
                  });
        }
      }
    }

    private boolean login(int link, BrokerAddress address) {
      String broker = listening.get(address);
      logins++;
      if (broker == null) {
        ranking.failed(address);
        return false;
      }
      ranking.learned(address, broker);
      Connected other = links[1 - link];
      Connected own = links[link];
      if ((other != null && other.broker().equals(broker))
          || (own != null && own.broker().equals(broker))) {
        return false;
      }
      links[link] = new Connected(address, broker);
      return true;
    }
  }

  private long nextLook() {
    return nowMs + (long) (LOOK_MS * (0.75 + random.nextDouble() / 2));
  }

  private void start(String broker, int families) {
    for (int family = 0; family < families; family++) {
      String ip = (family == 0 ? "10.0.0." : "fd00::") + ++addresses;
      listening.put(new BrokerAddress("brokers.test", ip, 7443), broker);
    }
  }

  private void stop(String broker) {
    listening.values().removeIf(broker::equals);
  }

  private void pass(Duration time) {
    for (long end = nowMs + time.toMillis(); nowMs < end; nowMs += STEP_MS) {
      listed.add(new HashSet<>(listening.keySet()));
      Set<BrokerAddress> there =
          Objects.requireNonNull(listed.get(Math.max(0, listed.size() - 1 - DNS_STEPS)));
      edges.forEach(edge -> edge.step(there));
    }
  }

  private Map<String, Long> connections() {
    return edges.stream()
        .flatMap(edge -> edge.connected().stream())
        .collect(Collectors.groupingBy(Connected::broker, Collectors.counting()));
  }

  private int moves() {
    return edges.stream().mapToInt(edge -> edge.moves).sum();
  }

  private int logins() {
    return edges.stream().mapToInt(edge -> edge.logins).sum();
  }

  private void areSpread() {
    assertThat(edges)
        .allSatisfy(
            edge ->
                assertThat(edge.connected().stream().map(Connected::broker).distinct().count())
                    .isEqualTo(2));
    assertThat(connections().values())
        .hasSize(3)
        .allMatch(connections -> connections <= 1.25 * 2 * EDGES / 3);
  }

  @ParameterizedTest(name = "{0} addresses a broker")
  @ValueSource(ints = {1, 2})
  void edgesSpreadAgainWithinAMinuteOfEachRestartAndMoveOneLinkAtMost(int families) {
    for (int broker = 0; broker < 3; broker++) {
      start("broker-" + broker, families);
    }
    pass(Duration.ofMinutes(2));
    areSpread();

    for (int broker = 0; broker < 3; broker++) {
      edges.forEach(edge -> edge.moves = 0);
      stop("broker-" + broker);
      pass(Duration.ofSeconds(15));
      assertThat(connections().values()).hasSize(2).containsOnly((long) EDGES);

      start("broker-" + broker + "-again", families);
      pass(Duration.ofMinutes(1));

      areSpread();
      assertThat(edges).allMatch(edge -> edge.moves <= 1);
      assertThat(moves()).isPositive();
    }
  }

  @ParameterizedTest(name = "{0} addresses a broker")
  @ValueSource(ints = {1, 2})
  void nobodyConnectsAnywhereWhileNothingChanges(int families) {
    for (int broker = 0; broker < 3; broker++) {
      start("broker-" + broker, families);
    }
    pass(Duration.ofMinutes(2));
    edges.forEach(edge -> edge.moves = edge.logins = 0);

    pass(Duration.ofHours(1));

    assertThat(moves()).isZero();
    assertThat(logins()).isZero();
  }

  @ParameterizedTest(name = "{0} addresses a broker")
  @ValueSource(ints = {1, 2})
  void oneBrokerAloneIsTriedRarelyAgain(int families) {
    start("broker-0", families);
    pass(Duration.ofMinutes(10));
    assertThat(connections()).containsExactly(Map.entry("broker-0", (long) EDGES));
    edges.forEach(edge -> edge.logins = 0);

    pass(Duration.ofHours(1));

    assertThat(edges).allMatch(edge -> edge.logins <= 24 * families);
  }

  @ParameterizedTest(name = "{0} addresses a broker")
  @ValueSource(ints = {1, 2})
  void aBrokerThatComesIsNotFoundByAllEdgesAtOnce(int families) {
    start("broker-0", families);
    start("broker-1", families);
    pass(Duration.ofMinutes(2));
    start("broker-2", families);
    Map<Long, Integer> movesBySecond = new HashMap<>();

    for (long second = 0; second < 60; second++) {
      int before = moves();
      pass(Duration.ofSeconds(1));
      movesBySecond.put(second, moves() - before);
    }

    areSpread();
    // Two of three edges move, within 25 s.
    assertThat(movesBySecond.values()).allMatch(moves -> moves <= EDGES / 8);
  }
}
