package io.claviger.mesh.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.mesh.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker dies, or freezes, while pods keep starting: each fetch is of another pod that the edge
 * has not seen, of service accounts of which most have no session yet, so most of them need a
 * broker.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrokerFaultScenarioIT {

  private static final int SERVICE_ACCOUNTS = 400;
  private static final double FETCHES_PER_SECOND = 200;
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(8);

  @Test
  void noFetchFailsWhenABrokerIsKilled(@TempDir Path directory) {
    run("killed", Member::kill, member -> {}, directory);
  }

  @Test
  void noFetchFailsWhenABrokerFreezes(@TempDir Path directory) {
    run("frozen", Member::pause, Member::resume, directory);
  }

  private static void run(String name, Fault fault, Fault after, Path directory) {
    try (ScenarioMesh mesh = ScenarioMesh.start(2, 1, UnaryOperator.identity())) {
      mesh.associate(
          IntStream.range(0, SERVICE_ACCOUNTS)
              .mapToObj(i -> ScenarioMesh.document(name, "sa-" + i, name + "-" + i, Map.of()))
              .toList());
      mesh.warmUp();
      List<LoadDriver> drivers = new ArrayList<>();
      Optional<BotocoreClient> botocore = BotocoreClient.start(directory);
      drivers.add(drive(mesh, name, new SdkClient(), "java", FETCHES_PER_SECOND));
      botocore.ifPresent(client -> drivers.add(drive(mesh, name, client, "botocore", 20)));
      Member broker = mesh.mesh().broker(1).member();

      await().pollDelay(BEFORE).until(() -> true);
      fault.on(broker);
      await().atMost(AFTER.plusSeconds(5)).pollDelay(AFTER).until(() -> true);
      after.on(broker);
      List<LoadReport> reports = drivers.stream().map(LoadDriver::stop).toList();
      botocore.ifPresent(BotocoreClient::close);

      ScenarioMesh.figure(name + " java", reports.get(0));
      ScenarioMesh.figure(
          name + " botocore",
          reports.size() > 1 ? reports.get(1).toString() : "not run: python3 has no botocore");
      assertThat(reports).allSatisfy(report -> assertThat(report.failures()).isEmpty());
      assertThat(reports.get(0).fetches()).isGreaterThan(500);
    }
  }

  private static LoadDriver drive(
      ScenarioMesh mesh, String namespace, FetchingClient client, String pods, double rate) {
    AtomicInteger next = new AtomicInteger();
    Supplier<Pod> fresh =
        () -> {
          int i = next.getAndIncrement();
          return mesh.pod(
              mesh.mesh().edge(1), namespace, "sa-" + i % SERVICE_ACCOUNTS, pods + "-" + i);
        };
    return LoadDriver.start(client, fresh, 100, rate);
  }

  private interface Fault {
    void on(Member member);
  }
}
