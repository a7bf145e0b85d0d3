package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Member;
import io.claviger.scenario.Eks.Created;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;

/** Kafka stops or freezes while pods keep starting: changes wait, credentials do not. */
@Timeout(400)
@ExtendWith(FaultMesh.class)
@Tag("alone")
@Tag("long")
final class KafkaAwayScenarioIT {

  private static final int SERVICE_ACCOUNTS = 300;
  private static final double FETCHES_PER_SECOND = 50;
  private static final Duration AWAY = Duration.ofSeconds(Scale.of(6, 60));
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** Log lines that are written once: Kafka is unavailable, and each partition is given up. */
  private static final int LINES_ONCE = 60;

  private static final int LINES_PER_SECOND = 1;
  private static final long DEADLINE_MILLIS = 12_000;

  @Test
  void noFetchFailsAndWritesSaySoAndGoOnAfterwards(ScenarioMesh mesh) {
    try (Eks eks = new Eks(mesh)) {
      mesh.associate(
          IntStream.range(0, SERVICE_ACCOUNTS)
              .mapToObj(i -> ScenarioMesh.document("kept", "sa-" + i, "kept-" + i, Map.of()))
              .toList());
      Instant begin = Instant.now();
      long openedBefore = opened(mesh);
      long lostBefore = lost(mesh);
      away(mesh, eks, "frozen", Member::pause, Member::resume);
      away(mesh, eks, "stopped", kafka -> kafka.stop(TIMEOUT), Member::start);
      everySessionIsInTheAuditStream(
          () -> AuditTrail.read(mesh, begin),
          () -> opened(mesh) - openedBefore,
          () -> lost(mesh) - lostBefore);
    }
  }

  private static void away(ScenarioMesh mesh, Eks eks, String how, Step leave, Step comeBack) {
    Member kafka = mesh.mesh().kafka();
    LoadDriver load = load(mesh, how);
    await().until(() -> load.report().fetches() > FETCHES_PER_SECOND);
    int lines = lines(mesh);
    leave.of(kafka);
    List<CreatePodIdentityAssociationRequest> undecided = writeInVain(mesh, eks, how);
    int said = lines(mesh) - lines;
    comeBack.of(kafka);
    long back = System.nanoTime();
    kafka.awaitReady(TIMEOUT);

    // With the same token each is decided once, whether or not Kafka has stored the command.
    for (CreatePodIdentityAssociationRequest request : undecided) {
      assertThat(eks.decide(0, request)).isInstanceOf(Created.Won.class);
    }
    figure(how + ": writes go on after", (System.nanoTime() - back) / 1_000_000 + " ms");
    LoadReport report = load.stop();
    figure(how + ": fetches", report);
    figure(how + ": lines said by brokers and edges in " + AWAY.toSeconds() + " s", said);
    assertThat(report.failures()).isEmpty();
    assertThat(report.fetches()).isGreaterThan(AWAY.toSeconds() * 10);
    assertThat(said).isLessThan(LINES_ONCE + (int) AWAY.toSeconds() * LINES_PER_SECOND);
    Tables.Status table = new Tables(mesh).equal(mesh.mesh().brokers());
    assertThat(listed(eks, how)).hasSize(undecided.size());
    assertThat(table.source()).isEqualTo("log");
  }

  /** Writes while Kafka is unavailable. Each write gets a 503 within the deadline. */
  private static List<CreatePodIdentityAssociationRequest> writeInVain(
      ScenarioMesh mesh, Eks eks, String namespace) {
    List<CreatePodIdentityAssociationRequest> undecided = new ArrayList<>();
    List<Long> took = new ArrayList<>();
    long end = System.nanoTime() + AWAY.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      var request = eks.request(namespace, namespace + "-" + i);
      long started = System.nanoTime();
      int status = status(eks, mesh.mesh().broker(1 + i % 2), request);
      took.add((System.nanoTime() - started) / 1_000_000);
      assertThat(status).isEqualTo(503);
      undecided.add(request);
    }
    figure(namespace + ": writes answered 503 after ms", took);
    assertThat(took).isNotEmpty().allMatch(millis -> millis < DEADLINE_MILLIS);
    return undecided;
  }

  private static int status(
      Eks eks, BrokerMember broker, CreatePodIdentityAssociationRequest request) {
    try {
      eks.of(broker).createPodIdentityAssociation(request);
      return 200;
    } catch (SdkServiceException e) {
      return e.statusCode();
    } catch (SdkException e) {
      return 0;
    }
  }

  private static List<String> listed(Eks eks, String namespace) {
    return eks
        .of(eks.mesh().broker(1))
        .listPodIdentityAssociationsPaginator(
            request -> request.clusterName(eks.cluster()).namespace(namespace))
        .associations()
        .stream()
        .map(each -> each.associationId())
        .toList();
  }

  private static LoadDriver load(ScenarioMesh mesh, String pods) {
    AtomicInteger next = new AtomicInteger();
    EdgeMember edge = mesh.mesh().edge(1);
    return LoadDriver.start(
        new SdkClient(),
        () -> {
          int i = next.getAndIncrement();
          return mesh.pod(edge, "kept", "sa-" + i % SERVICE_ACCOUNTS, pods + "-" + i);
        },
        50,
        FETCHES_PER_SECOND);
  }

  private static int lines(ScenarioMesh mesh) {
    return Stream.concat(
            mesh.mesh().brokers().stream().map(BrokerMember::member),
            mesh.mesh().edges().stream().map(EdgeMember::member))
        .mapToInt(member -> (int) member.output().lines().count())
        .sum();
  }

  private static void everySessionIsInTheAuditStream(
      Supplier<AuditTrail> trail, LongSupplier opened, LongSupplier lost) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              long reported =
                  trail.get().ofType(CredentialEvent.Type.ISSUED).stream()
                      .map(CredentialEvent::accessKeyId)
                      .distinct()
                      .count();
              figure(
                  "sessions, of them reported, events lost",
                  opened.getAsLong() + ", " + reported + ", " + lost.getAsLong());
              assertThat(reported + lost.getAsLong())
                  .as("reported and counted")
                  .isGreaterThanOrEqualTo(opened.getAsLong());
            });
  }

  private static long opened(ScenarioMesh mesh) {
    return sum(mesh, "claviger_sts_calls_seconds_count");
  }

  private static long lost(ScenarioMesh mesh) {
    return sum(mesh, "claviger_events_dropped") + sum(mesh, "claviger_events_failed");
  }

  private static long sum(ScenarioMesh mesh, String metric) {
    return (long)
        mesh.mesh().brokers().stream()
            .mapToDouble(broker -> mesh.metric(broker.metrics(), metric))
            .sum();
  }

  private interface Step {
    void of(Member kafka);
  }
}
