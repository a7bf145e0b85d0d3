package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.claviger.stsfake.BusiestSecond;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two brokers share one quota, and more sessions are due than it allows: edges request renewals of
 * pods' sessions while other pods start. With {@code -Dclaviger.scenarios.full=true}: 20,000 in a
 * minute at 600 calls per second, and the calls that arrive at STS stay within the quota too.
 * Otherwise a third of that rate, and only the calls that leave the brokers, so that two cores are
 * not the bottleneck.
 */
@Tag("alone")
@Tag("ci")
class QuotaIT {

  private static final Logger LOG = LoggerFactory.getLogger(QuotaIT.class);
  private static final boolean FULL = Boolean.getBoolean("claviger.scenarios.full");
  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";
  private static final int QUOTA = FULL ? 600 : 200;
  private static final int DUE = FULL ? 20_000 : 500;

  private static final int WARM_UP = 300;
  private static final int FIRST_EVERY_MILLIS = 50;
  private static final Duration LIFE = Duration.ofHours(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScheduledExecutorService edges = Executors.newScheduledThreadPool(2);
  private final AtomicInteger replaced = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger failedFirst = new AtomicInteger();
  private final ConcurrentHistogram firstMillis = new ConcurrentHistogram(3);
  private StsFixture fixture;
  private final BusiestSecond departures = new BusiestSecond();
  private final List<StsRoleSessions> sessions = new ArrayList<>();
  private final List<OneBroker> brokers = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    fixture = new StsFixture();
    fixture.sts.behaviour().latency(Duration.ofMillis(30));
    for (int number = 0; number < 2; number++) {
      Quotas quotas =
          new Quotas(
              Map.of(Quotas.USUAL, QUOTA), 2, () -> 2, System::nanoTime, new SimpleMeterRegistry());
      StsRoleSessions sts = sts(quotas);
      sessions.add(sts);
      brokers.add(
          new OneBroker(
              request -> {
                departures.happened(Instant.now());
                return sts.open(request);
              },
              quotas,
              64));
    }
    brokers.forEach(broker -> broker.associateEachPod("cart", ROLE));
  }

  private StsRoleSessions sts(Quotas quotas) {
    return new StsRoleSessions(
        new StsConnection(
            new StsConnection.Endpoint("eu-central-1", Optional.of(fixture.sts.endpoint())),
            Optional.empty(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            128),
        Map.of(Quotas.USUAL, () -> StsFixture.credentials(fixture.own)),
        quotas,
        InstantSource.system(),
        meters);
  }

  @AfterEach
  void close() throws Exception {
    edges.shutdownNow();
    brokers.forEach(OneBroker::close);
    sessions.forEach(StsRoleSessions::close);
    fixture.close();
  }

  /** The quota opens 600 per second; the calls that STS throttles make the brokers back off. */
  @ParameterizedTest
  @CsvSource({"0.0, 1.0, 60.0", "0.3, 5.0, 60.0"})
  void replacesWhatIsDueInTimeWhilePodsStart(double throttled, double briefly, double fully) {
    warmUp();
    fixture.sts.behaviour().throttlePart(throttled);
    long dueWithin = (long) ((FULL ? fully : briefly) * 1000);
    Instant issued = Instant.now().minus(LIFE.dividedBy(2));
    for (int number = 0; number < DUE; number++) {
      WorkloadIdentity pod = OneBroker.pod("cart", "due-" + number);
      OneBroker broker = brokers.get(number % 2);
      broker.hold(pod, session("HELD" + number, issued));
      long at = ThreadLocalRandom.current().nextLong(dueWithin);
      edges.schedule(() -> refresh(broker, pod), at, TimeUnit.MILLISECONDS);
    }
    AtomicInteger started = new AtomicInteger();
    edges.scheduleAtFixedRate(
        () -> start(started.getAndIncrement()), 0, FIRST_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    Instant begin = Instant.now();

    await().atMost(Duration.ofMinutes(8)).until(() -> replaced.get() == DUE);

    Duration took = Duration.between(begin, Instant.now());
    edges.shutdownNow();
    LOG.atInfo()
        .addKeyValue("scenario", DUE + " due, part throttled " + throttled)
        .addKeyValue(
            "figure",
            "replaced within %d s by %d askings; %d pods started meanwhile, first answers p50 %d ms, p99 %d ms, %d not; %d calls, %d throttled, busiest second %d left, %d arrived"
                .formatted(
                    took.toSeconds(),
                    asked.get(),
                    started.get(),
                    firstMillis.getValueAtPercentile(50),
                    firstMillis.getValueAtPercentile(99),
                    failedFirst.get(),
                    fixture.sts.ledger().assumeRoleCalls(),
                    fixture.sts.ledger().errors("Throttling"),
                    departures.most(),
                    fixture.sts.ledger().busiestSecond()))
        .log("measured");
    assertThat(took).isLessThan(LIFE.dividedBy(4));
    assertThat(firstMillis.getValueAtPercentile(50)).isLessThan(300);
    assertThat(failedFirst.get()).isLessThan(Math.max(1, started.get() / 50));
    assertThat(departures.most()).isLessThanOrEqualTo((int) (QUOTA * 1.05));
    if (FULL) {
      assertThat(fixture.sts.ledger().busiestSecond()).isLessThanOrEqualTo((int) (QUOTA * 1.05));
    }
    assertThat(routineWaits()).isPositive();
  }

  /**
   * In programs that have just started, calls that were permitted one by one bunch up on the way.
   */
  private void warmUp() {
    CompletableFuture.allOf(
            IntStream.range(0, WARM_UP)
                .mapToObj(
                    number ->
                        brokers
                            .get(number % 2)
                            .issue(OneBroker.pod("cart", "warm-" + number), RequestPriority.FIRST))
                .toArray(CompletableFuture[]::new))
        .join();
    fixture.sts.ledger().clear();
    departures.clear();
  }

  /** Retries after a pause while there is no other session yet, as an edge does. */
  private void refresh(OneBroker broker, WorkloadIdentity pod) {
    asked.incrementAndGet();
    broker
        .issue(pod, RequestPriority.ROUTINE)
        .thenAccept(
            outcome -> {
              if (outcome instanceof IssueOutcome.Issued issued
                  && !issued.credentials().accessKeyId().startsWith("HELD")) {
                replaced.incrementAndGet();
              } else if (!edges.isShutdown()) {
                long pause = FULL ? 30_000 : 3_000;
                edges.schedule(
                    () -> refresh(broker, pod),
                    pause + ThreadLocalRandom.current().nextLong(pause),
                    TimeUnit.MILLISECONDS);
              }
            });
  }

  private void start(int number) {
    long before = System.nanoTime();
    brokers
        .get(number % 2)
        .issue(OneBroker.pod("cart", "first-" + number), RequestPriority.FIRST)
        .thenAccept(
            outcome -> {
              firstMillis.recordValue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
              if (!(outcome instanceof IssueOutcome.Issued)) {
                failedFirst.incrementAndGet();
              }
            });
  }

  private double routineWaits() {
    return brokers.stream()
        .mapToDouble(
            broker ->
                broker
                    .meters
                    .get(Meters.STS_OPEN_WAIT)
                    .tag(Meters.PRIORITY, "routine")
                    .timer()
                    .max(TimeUnit.MILLISECONDS))
        .sum();
  }

  private static SessionCredentials session(String id, Instant issued) {
    return new SessionCredentials(
        id,
        "secret",
        "token",
        StsFixture.ACCOUNT,
        "arn:aws:sts::111122223333:assumed-role/cart/shop.cart",
        "AROA:shop.cart",
        issued,
        issued.plus(LIFE));
  }
}
