package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshOptions;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Hours of a mesh, scaled down. Every pod sends a request twice an hour, as AWS SDKs do, and
 * sessions last an hour. Brokers call STS twice an hour for each service account. The full length
 * has 1,000 service accounts with 20 pods each, and an hour takes two minutes. With shorter hours
 * on two cores, the start of a broker would dominate the result. The brief form takes two minutes
 * for its hours, each of eight seconds.
 */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class HoursScenarioIT {

  private static final Duration HOUR = Duration.ofSeconds(Scale.of(8, 120));
  private static final Duration HALF = HOUR.dividedBy(2);
  private static final int SERVICE_ACCOUNTS = Scale.of(60, 1_000);
  private static final int PODS = Scale.of(4, 20);
  private static final int BROKERS = 3;
  private static final int EDGES = 3;
  private static final double SDK_FETCHES_PER_SECOND = 20;
  private static final Duration MIN_REMAINING = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ScenarioMesh mesh = ScenarioMesh.start(BROKERS, EDGES, HoursScenarioIT::scaled);
  private final AtomicInteger next = new AtomicInteger();
  private Supplier<PodEnvironment> inTurn =
      () -> {
        throw new IllegalStateException("the day has not begun");
      };
  private final List<LoadDriver> drivers = new ArrayList<>();

  @BeforeAll
  void beginTheDay() {
    mesh.warmUp();
    mesh.sts().behaviour().sessionDuration(HOUR);
    mesh.associate(
        IntStream.range(0, SERVICE_ACCOUNTS)
            .mapToObj(i -> ScenarioMesh.document("hours", "sa-" + i, "hours-" + i, Map.of()))
            .toList());
    List<PodEnvironment> pods = pods();
    inTurn = () -> pods.get(next.getAndIncrement() % pods.size());
    double perSecond = pods.size() * 1000.0 / HALF.toMillis();
    drivers.add(LoadDriver.start(this::fetch, inTurn, 200, perSecond));
    passed(HOUR);
  }

  @AfterAll
  void stop() {
    mesh.close();
  }

  @Test
  @Order(1)
  void stsIsCalledAsOftenAsTheArithmeticSays() {
    Window undisturbed = new Window();
    passed(HOUR.plus(HALF));
    undisturbed.isWithin(0.05, "undisturbed");
  }

  @Test
  @Order(2)
  void stsIsCalledNoMoreWhenABrokerDies() {
    Window disturbed = new Window();
    Member broker = mesh.mesh().broker(2).member();
    broker.kill();
    passed(HALF);
    broker.start();
    broker.awaitReady(TIMEOUT);
    passed(HALF);
    disturbed.isWithin(0.10, "with a broker killed");
  }

  @Test
  @Order(3)
  void stsIsCalledNoMoreWhileBrokersAreRestartedOneByOne() {
    drivers.add(LoadDriver.start(new SdkClient(), inTurn, 50, SDK_FETCHES_PER_SECOND));
    Window restarted = new Window();
    for (int i = 1; i <= BROKERS; i++) {
      mesh.mesh().broker(i).member().restart(TIMEOUT);
    }
    passed(HALF);
    restarted.isWithin(0.05, "with every broker restarted");
    await().until(() -> mesh.mesh().brokers().stream().allMatch(this::hearsAllOthers));
  }

  private boolean hearsAllOthers(BrokerMember broker) {
    return mesh.metric(broker.metrics(), "claviger_peers{state=\"serving\"}") == BROKERS - 1;
  }

  @Test
  @Order(4)
  void noFetchOfTheDayHasFailed() {
    for (LoadDriver driver : drivers) {
      LoadReport report = driver.stop();
      ScenarioMesh.figure("hours", report);
      assertThat(report.failures()).isEmpty();
    }
  }

  /** The pods by service account, so that the accounts start over half an hour. */
  private List<PodEnvironment> pods() {
    List<PodEnvironment> pods = new ArrayList<>();
    for (int account = 0; account < SERVICE_ACCOUNTS; account++) {
      for (int pod = 0; pod < PODS; pod++) {
        EdgeMember edge = mesh.mesh().edge(1 + pod % EDGES);
        pods.add(mesh.pod(edge, "hours", "sa-" + account, "pod-" + account + "-" + pod));
      }
    }
    return pods;
  }

  private static void passed(Duration time) {
    Instant end = Instant.now().plus(time);
    await()
        .atMost(time.plusSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !Instant.now().isBefore(end));
  }

  /** Fetches like an SDK, which fails on an expired session. */
  private Fetch fetch(PodEnvironment pod) {
    long before = System.nanoTime();
    String token = read(pod);
    Answer answer = mesh.ask(pod.credentials(), token);
    for (int tries = 1; tries < 6 && answer.status() == 503; tries++) {
      answer = mesh.ask(pod.credentials(), token);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    if (answer.status() != 200) {
      return new Fetch.Failed(answer.toString(), took);
    }
    Instant end = Instant.parse(answer.field("Expiration"));
    return end.isAfter(Instant.now())
        ? new Fetch.Got(answer.accessKeyId(), "", "", null, took)
        : new Fetch.Failed("a session that ended at " + end, took);
  }

  private static String read(PodEnvironment pod) {
    try {
      return Files.readString(pod.tokenFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An interval, and the STS calls in it. */
  private final class Window {
    private final Instant begin = Instant.now();
    private final long before = calls();

    void isWithin(double part, String name) {
      double halves = Duration.between(begin, Instant.now()).toMillis() / (double) HALF.toMillis();
      double expected = SERVICE_ACCOUNTS * halves;
      long actual = calls() - before;
      ScenarioMesh.figure(
          "hours, " + name,
          "%d calls in %.2f half hours, by the arithmetic %.0f: %+.1f %%; %s"
              .formatted(
                  actual, halves, expected, 100 * (actual / expected - 1), mesh.takeovers()));
      // With few accounts and short hours, the number varies more.
      double allowed = Scale.FULL ? part : 2 * part;
      assertThat(actual / expected).isBetween(1 - allowed, 1 + allowed);
    }

    private long calls() {
      return mesh.sts().ledger().callsByRole().entrySet().stream()
          .filter(entry -> entry.getKey().contains("/hours-"))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  private static MeshOptions scaled(MeshOptions options) {
    return options
        .withBrokerSetting("issuance.min-remaining", MIN_REMAINING.toSeconds() + "s")
        .withEdgeSetting("credentials.min-remaining", MIN_REMAINING.toSeconds() + "s")
        .withEdgeSetting("credentials.alarm", HOUR.dividedBy(4).toMillis() + "ms");
  }
}
