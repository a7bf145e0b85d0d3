package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.SessionOwners.Owner;
import io.claviger.schemas.bus.SessionKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousOwnersTest {

  private static final Set<String> NODES = Set.of("node-a", "node-b", "node-c");
  private static final List<SessionKey> KEYS =
      IntStream.range(0, 3_000)
          .mapToObj(i -> new SessionKey("c1", "a-" + i, 1, "shop/sa-" + i))
          .toList();

  @Test
  void allWhoSeeTheSameBrokersNameTheSameOwner() {
    assertThat(KEYS)
        .allSatisfy(
            key ->
                assertThat(NODES.stream().map(node -> owner(node, NODES, key)).distinct())
                    .hasSize(1));
  }

  @Test
  void eachOwnsItsPart() {
    Map<String, Long> parts =
        KEYS.stream()
            .map(key -> owner("node-a", NODES, key))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(parts).containsOnlyKeys(NODES);
    assertThat(parts.values()).allSatisfy(part -> assertThat(part).isBetween(900L, 1_100L));
  }

  @Test
  void oneThatLeavesMovesNoKeysButItsOwn() {
    Set<String> left = Set.of("node-a", "node-b");

    assertThat(KEYS)
        .filteredOn(key -> !owner("node-a", NODES, key).equals("node-c"))
        .allSatisfy(
            key -> assertThat(owner("node-a", left, key)).isEqualTo(owner("node-a", NODES, key)));
  }

  @Test
  void ownsAllWhileNobodyElseServes() {
    assertThat(KEYS)
        .allSatisfy(key -> assertThat(owner("node-a", Set.of(), key)).isEqualTo("node-a"));
  }

  private static String owner(String self, Set<String> serving, SessionKey key) {
    Set<String> others = new HashSet<>(serving);
    others.remove(self);
    return switch (new RendezvousOwners(self, () -> others).ownerOf(key)) {
      case Owner.Here() -> self;
      case Owner.Peer(var nodeId) -> nodeId;
    };
  }
}
