package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.Member;
import io.claviger.scenario.ServedKeys.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * How long the last edge serves the earlier role after a change was acknowledged, under steady
 * requests and refreshes.
 */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
final class PropagationScenarioIT {

  private static final int UPDATES = Scale.of(15, 200);
  private static final int SERVICE_ACCOUNTS = 5;
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A disturbance of the mesh before some updates. */
  private interface Event {
    void before(int update);
  }

  private final ScenarioMesh mesh =
      ScenarioMesh.start(
          2,
          3,
          options ->
              options
                  .withBrokerSetting("sts.session-duration", "15m")
                  .withEdgeSetting("credentials.refresh-fraction", "0.005"));
  private final Eks eks = new Eks(mesh);
  private final Member victim = mesh.mesh().broker(1).member();
  private final AssociationWriter writer = new AssociationWriter(eks, mesh.mesh().broker(2));

  private record Update(int serviceAccount, int version, long answered) {}

  @BeforeAll
  void warmUp() {
    mesh.warmUp();
  }

  @AfterAll
  void stop() {
    eks.close();
    mesh.close();
  }

  @Test
  void noEdgeServesTheOldRoleForASecond() {
    run("steady", Duration.ZERO, update -> {});
  }

  @Test
  void noEdgeServesTheOldRoleForASecondWhileStsIsSlow() {
    run("slow-sts", Duration.ofMillis(500), update -> {});
  }

  @Test
  void noEdgeServesTheOldRoleForASecondWhileABrokerIsKilled() {
    run(
        "killed",
        Duration.ZERO,
        update -> {
          if (update == UPDATES / 3) {
            victim.kill();
          } else if (update == 2 * UPDATES / 3) {
            victim.start();
            victim.awaitReady(TIMEOUT);
          }
        });
  }

  @Test
  void noEdgeServesTheOldRoleForASecondWhileABrokerIsFrozen() {
    run(
        "frozen",
        Duration.ZERO,
        update -> {
          if (update == UPDATES / 3) {
            victim.pause();
          } else if (update == 2 * UPDATES / 3) {
            victim.resume();
          }
        });
  }

  private void run(String name, Duration latency, Event event) {
    IntStream.range(0, SERVICE_ACCOUNTS)
        .forEach(
            account -> writer.give(name, "sa-" + account, role(mesh, latency, name, account, 0)));
    try (ServedKeys served = ServedKeys.watch(mesh, name, SERVICE_ACCOUNTS)) {
      check(mesh, name, served, update(served, name, latency, event));
    }
  }

  private List<Update> update(ServedKeys served, String name, Duration latency, Event event) {
    int[] versions = new int[SERVICE_ACCOUNTS];
    long begin = System.nanoTime();
    for (int account = 0; account < SERVICE_ACCOUNTS; account++) {
      awaitEverywhere(mesh, served, name, account, 0, begin);
    }
    List<Update> updates = new ArrayList<>();
    for (int number = 0; number < UPDATES; number++) {
      int account = number % SERVICE_ACCOUNTS;
      int version = ++versions[account];
      String role = role(mesh, latency, name, account, version);
      served.focus(account);
      event.before(number);
      long answered = writer.give(name, "sa-" + account, role);
      updates.add(new Update(account, version, answered));
      awaitEverywhere(mesh, served, name, account, version, answered);
    }
    return updates;
  }

  private static String role(
      ScenarioMesh mesh, Duration latency, String name, int account, int version) {
    String role = ScenarioMesh.role(roleName(name, account, version));
    mesh.sts().behaviour(role).latency(latency);
    return role;
  }

  private static String roleName(String name, int account, int version) {
    return name + "-" + account + "-v" + version;
  }

  private static void awaitEverywhere(
      ScenarioMesh mesh, ServedKeys served, String name, int account, int version, long since) {
    String role = ScenarioMesh.role(roleName(name, account, version));
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> served.everywhere(account, since, key -> roleOf(mesh, key).equals(role)));
  }

  private static String roleOf(ScenarioMesh mesh, String accessKeyId) {
    return mesh.sts().ledger().issuedAs(accessKeyId).orElseThrow().roleArn();
  }

  private static void check(
      ScenarioMesh mesh, String name, ServedKeys served, List<Update> updates) {
    List<Seen> seen = served.seen();
    Map<String, Integer> versions = new HashMap<>();
    for (Seen one : seen) {
      versions.computeIfAbsent(
          one.accessKeyId(),
          key -> {
            String role = roleOf(mesh, key);
            return Integer.valueOf(role.substring(role.lastIndexOf("-v") + 2));
          });
    }
    double[] millis =
        updates.stream().mapToDouble(update -> late(update, seen, versions)).sorted().toArray();
    ScenarioMesh.figure(
        "propagation " + name,
        "%d updates, %d answers: p50 %.0f ms, p99 %.0f ms, max %.0f ms; %s"
            .formatted(
                millis.length,
                seen.size(),
                at(millis, 0.5),
                at(millis, 0.99),
                at(millis, 1),
                syncs(mesh)));
    assertThat(served.failures()).isEmpty();
    assertThat(Arrays.stream(millis).max().orElseThrow()).isLessThan(PROMISED.toMillis());
  }

  /** The time from an update to the last response with an earlier version, in milliseconds. */
  private static double late(Update update, List<Seen> seen, Map<String, Integer> versions) {
    return seen.stream()
            .filter(one -> one.serviceAccount() == update.serviceAccount())
            .filter(one -> versions.getOrDefault(one.accessKeyId(), 0) < update.version())
            .mapToLong(one -> one.at() - update.answered())
            .max()
            .orElse(0)
        / 1e6;
  }

  private static double at(double[] sorted, double part) {
    int rank = (int) Math.ceil(part * sorted.length);
    return Math.max(0, sorted[Math.max(0, rank - 1)]);
  }

  private static String syncs(ScenarioMesh mesh) {
    double syncs =
        mesh.mesh().edges().stream()
            .mapToDouble(edge -> mesh.metric(edge.metrics(), "claviger_edge_syncs_total"))
            .sum();
    double gaps =
        mesh.mesh().edges().stream()
            .mapToDouble(
                edge ->
                    mesh.metric(
                        edge.metrics(),
                        "claviger_edge_association_changes_total{kind=\"after_gap\"}"))
            .sum();
    return "%.0f syncs, %.0f gaps".formatted(syncs, gaps);
  }
}
