package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IssuersTest {

  private static final TokenMint MINT = new TokenMint("key-1");

  private final TestClock clock = new TestClock(Instant.parse("2026-05-01T10:00:00Z"));

  private IssuerKeys keys(RegisteredCluster cluster) {
    return new IssuerKeys(
        cluster, () -> CompletableFuture.completedStage(MINT.jwks()), clock, clock);
  }

  @Test
  void refuseTwoClustersWithTheSameIssuer() {
    List<IssuerKeys> both =
        List.of(
            keys(TestClusters.of("one", "https://same.test")),
            keys(TestClusters.of("two", "https://same.test")));

    assertThatThrownBy(() -> new Issuers(both))
        .hasMessageContaining("one")
        .hasMessageContaining("two")
        .hasMessageContaining("https://same.test");
  }

  @Test
  void refuseAClusterThatIsRegisteredTwice() {
    List<IssuerKeys> both =
        List.of(
            keys(TestClusters.of("one", "https://a.test")),
            keys(TestClusters.of("one", "https://b.test")));

    assertThatThrownBy(() -> new Issuers(both)).hasMessage("cluster one is registered twice");
  }

  @Test
  void publishKeysOnceTheyHaveBeenFetched() {
    IssuerKeys keys = keys(TestClusters.named("one"));
    Issuers issuers = new Issuers(List.of(keys));
    assertThat(issuers.currentKeys("one")).isEmpty();

    keys.refresh();

    assertThat(issuers.currentKeys("one"))
        .contains(
            new PublishedKeys(
                BusProtocol.VERSION,
                "one",
                "https://one.test",
                "pods.eks.amazonaws.com",
                MINT.jwks(),
                clock.instant()));
    assertThat(issuers.currentKeys("two")).isEmpty();
  }

  @Test
  void takeNoClusterThatIsRegisteredWrongly() {
    assertThatThrownBy(() -> cluster("a/b", "claviger-broker", "ns/edge"))
        .hasMessageContaining("not a cluster name: 'a/b'");
    assertThatThrownBy(() -> cluster("one", "pods", "ns/edge"))
        .hasMessageContaining("audience and edgeAudience of cluster one are the same");
    assertThatThrownBy(() -> cluster("one", "claviger-broker", "edge"))
        .hasMessageContaining("not namespace/name: 'edge'");
  }

  private static RegisteredCluster cluster(String name, String edgeAudience, String edge) {
    return new RegisteredCluster(name, "https://one.test", "pods", edgeAudience, Set.of(edge));
  }
}
