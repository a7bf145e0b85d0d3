package io.claviger.scenario;

import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.ClusterPartition;
import io.claviger.localmesh.BrokerMember;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The broker that writes a cluster's partition of the log, as the brokers' logs show it. */
final class LogWriters {

  private static final String TAKEN = "log partition taken over";
  private static final String GIVEN_UP = "log partition given up";

  private final ScenarioMesh mesh;
  private final String partition;

  LogWriters(ScenarioMesh mesh, String cluster) {
    this.mesh = mesh;
    this.partition = "partition=\"" + ClusterPartition.of(cluster) + "\"";
  }

  /** Waits until there is a writer, and returns it. */
  BrokerMember current() {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(this::find, Optional::isPresent)
        .orElseThrow();
  }

  private Optional<BrokerMember> find() {
    return mesh.mesh().brokers().stream()
        .filter(broker -> broker.member().isAlive() && last(broker).contains(TAKEN))
        // Lines begin with their timestamps.
        .max(Comparator.comparing(this::last));
  }

  private String last(BrokerMember broker) {
    List<String> lines =
        broker
            .member()
            .output()
            .lines()
            .filter(line -> line.contains(TAKEN) || line.contains(GIVEN_UP))
            .filter(line -> line.contains(partition))
            .toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
