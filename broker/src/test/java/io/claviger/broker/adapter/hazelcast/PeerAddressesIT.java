package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One name has three brokers' addresses; two brokers have joined and one is alone. */
class PeerAddressesIT {

  private final Vertx vertx = Vertx.vertx();
  private final Members two = new Members();
  private final Members one = new Members();
  private final List<Quotas> kept = new ArrayList<>();

  @AfterEach
  void end() {
    two.close();
    one.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theirSharesOfTheQuotaAreNoMoreThanTheQuota() {
    Set<HazelcastInstance> brokers = Set.of(two.start(), two.start(), one.start());
    Set<InetSocketAddress> named =
        brokers.stream()
            .map(broker -> broker.getCluster().getLocalMember().getSocketAddress())
            .collect(Collectors.toUnmodifiableSet());
    Map<HazelcastInstance, MeterRegistry> meters =
        brokers.stream()
            .collect(Collectors.toMap(broker -> broker, broker -> share(broker, () -> named)));

    await()
        .untilAsserted(
            () ->
                assertThat(rates(meters.values().stream()))
                    .as("a second later the shares are those of three")
                    .isEqualTo(600));
    meters.forEach(
        (broker, seen) ->
            assertThat(seen.get(Meters.PEERS).tag(Meters.STATE, "unreached").gauge().value())
                .isEqualTo(3 - broker.getCluster().getMembers().size()));
  }

  private MeterRegistry share(HazelcastInstance broker, Callable<Set<InetSocketAddress>> named) {
    MeterRegistry meters = new SimpleMeterRegistry();
    PeerAddresses addresses =
        new PeerAddresses(vertx, broker, named, InstantSource.system(), meters);
    Quotas quotas =
        new Quotas(Map.of(Quotas.USUAL, 600), 1, addresses.brokers(), System::nanoTime, meters);
    // A meter alone does not keep its source reachable.
    kept.add(quotas);
    return meters;
  }

  private static double rates(Stream<MeterRegistry> meters) {
    return meters.mapToDouble(one -> one.get(Meters.QUOTA_RATE).gauge().value()).sum();
  }
}
