package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker dies, or freezes, while pods keep starting: each fetch is of another pod that the edge
 * has not seen, of service accounts of which most have no session yet, so most of them need a
 * broker.
 */
@Tag("alone")
@ExtendWith(FaultMesh.class)
@Tag("long")
final class BrokerFaultScenarioIT {

  private static final int SERVICE_ACCOUNTS = 400;
  private static final double FETCHES_PER_SECOND = 200;
  private static final int BEFORE = 300;
  private static final int AFTER = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void noFetchFailsWhenABrokerIsKilled(ScenarioMesh mesh, @TempDir Path directory) {
    run(mesh, "broker-killed", Member::kill, Member::start, directory);
  }

  @Test
  void noFetchFailsWhenABrokerFreezes(ScenarioMesh mesh, @TempDir Path directory) {
    run(mesh, "broker-frozen", Member::pause, Member::resume, directory);
  }

  private static void run(
      ScenarioMesh mesh, String name, Fault fault, Fault after, Path directory) {
    mesh.associate(
        IntStream.range(0, SERVICE_ACCOUNTS)
            .mapToObj(i -> ScenarioMesh.document(name, "sa-" + i, name + "-" + i, Map.of()))
            .toList());
    Optional<BotocoreClient> botocore = BotocoreClient.start(directory);
    LoadDriver java = drive(mesh, name, new SdkClient(), "java", FETCHES_PER_SECOND);
    Optional<LoadDriver> python =
        botocore.map(client -> drive(mesh, name, client, "botocore", FETCHES_PER_SECOND / 10));
    Member broker = mesh.mesh().broker(1).member();

    awaitFetches(java, BEFORE);
    fault.on(broker);
    awaitFetches(java, AFTER);
    after.on(broker);
    broker.awaitReady(TIMEOUT);
    LoadReport javas = java.stop();
    Optional<LoadReport> pythons = python.map(LoadDriver::stop);
    botocore.ifPresent(BotocoreClient::close);

    ScenarioMesh.figure(name + " java", javas);
    ScenarioMesh.figure(
        name + " botocore",
        pythons.map(LoadReport::toString).orElse("not run: python3 has no botocore"));
    assertThat(javas.failures()).isEmpty();
    pythons.ifPresent(report -> assertThat(report.failures()).isEmpty());
  }

  private static void awaitFetches(LoadDriver driver, int more) {
    long wanted = driver.report().fetches() + more;
    await().atMost(TIMEOUT).until(() -> driver.report().fetches() >= wanted);
  }

  private static LoadDriver drive(
      ScenarioMesh mesh, String namespace, FetchingClient client, String pods, double rate) {
    AtomicInteger next = new AtomicInteger();
    Supplier<PodEnvironment> fresh =
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
