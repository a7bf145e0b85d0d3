package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.TableChange;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Real threads: the guarantees of single flight, the overlay and the owner together. */
class IssuanceRacesTest {
  private static final int REQUESTS = 1_000;
  private final FakeStore store = new FakeStore();
  private final FakeAssociations table = new FakeAssociations();
  private final AtomicInteger calls = new AtomicInteger();
  private final ExecutorService clients = Executors.newFixedThreadPool(8);
  private final ExecutorService sts = Executors.newFixedThreadPool(2);
  private final List<Scheduler> schedulers = new ArrayList<>();
  private Duration stsTime = Duration.ofMillis(2);

  // The brokers of these tests answer each other even on a slow machine.
  private static final IssuanceLimits LONG_TIMEOUTS =
      new IssuanceLimits(
          64,
          20_000,
          Duration.ofMillis(5),
          0.45,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofHours(1));

  @BeforeEach
  void associate() {
    table.put(Samples.association(1));
  }

  @AfterEach
  void stop() {
    clients.shutdownNow();
    sts.shutdownNow();
    schedulers.forEach(Scheduler::dispose);
  }

  @RepeatedTest(5)
  void oneBrokerOpensOneSessionForAThousandRequests() throws Exception {
    Issuance broker = broker(key -> new SessionOwners.Owner.Here(), nobody());

    List<SessionCredentials> sessions = ask(List.of(broker));

    assertThat(calls).hasValue(1);
    assertThat(sessions).hasSize(REQUESTS).containsOnly(sessions.getFirst());
  }

  @RepeatedTest(5)
  void twoBrokersOpenOneSessionForAThousandRequests() throws Exception {
    // Nothing is replicated before the test ends: the owner alone limits it to one.
    store.writable = new CompletableFuture<>();
    Issuance owner = broker(key -> new SessionOwners.Owner.Here(), nobody());
    Issuance other =
        broker(
            key -> new SessionOwners.Owner.Peer("owner"),
            (node, request, timeout) ->
                CompletableFuture.supplyAsync(() -> owner.handler().open(request), clients)
                    .thenCompose(reply -> reply));

    List<SessionCredentials> sessions = ask(List.of(owner, other));

    assertThat(calls).hasValue(1);
    assertThat(sessions).hasSize(REQUESTS).containsOnly(sessions.getFirst());
  }

  @Test
  void aChangeInTheMiddleLeavesNoOldSession() throws Exception {
    stsTime = Duration.ofMillis(1);
    Issuance broker = broker(key -> new SessionOwners.Owner.Here(), nobody());
    List<CompletableFuture<IssueOutcome>> outcomes = new ArrayList<>();

    for (int revision = 1; revision < 200; revision++) {
      outcomes.add(issue(broker));
      var before = table.put(Samples.association(revision + 1));
      broker
          .invalidation()
          .applied(
              new TableChange(
                  Samples.association(1).key(),
                  before,
                  table.current(Samples.association(1).key()),
                  table.position("c1"),
                  Position.NONE));
    }
    for (CompletableFuture<IssueOutcome> outcome : outcomes) {
      outcome.get(30, TimeUnit.SECONDS);
    }
    issue(broker).get(30, TimeUnit.SECONDS);

    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> assertThat(store.shared).containsOnlyKeys(VirtualMesh.plan(200).key()));
  }

  private List<SessionCredentials> ask(List<Issuance> brokers) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<IssueOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      Issuance broker = brokers.get(i % brokers.size());
      outcomes.add(
          CompletableFuture.runAsync(() -> await(start), clients)
              .thenCompose(ready -> issue(broker)));
    }
    start.countDown();
    List<SessionCredentials> sessions = new ArrayList<>();
    for (CompletableFuture<IssueOutcome> outcome : outcomes) {
      IssueOutcome.Issued issued = (IssueOutcome.Issued) outcome.get(60, TimeUnit.SECONDS);
      sessions.add(issued.credentials());
    }
    return sessions;
  }

  private static CompletableFuture<IssueOutcome> issue(Issuance broker) {
    return broker
        .issuer()
        .issue(Samples.CART, RequestPriority.FIRST, Position.NONE)
        .toCompletableFuture();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Issuance broker(SessionOwners owners, PeerSessions peers) {
    Scheduler scheduler = Schedulers.newSingle("issuance-test", true);
    schedulers.add(scheduler);
    return new Issuance(
        "broker",
        Map.of("c1", Samples.CLUSTER),
        new Issuance.Ports(
            table,
            this::open,
            Samples.quotas(InstantSource.system()),
            store,
            owners,
            peers,
            event -> {},
            Samples.PERMITTED),
        LONG_TIMEOUTS,
        new Issuance.Environment(
            InstantSource.system(), () -> 0.5, scheduler, new SimpleMeterRegistry()));
  }

  private CompletableFuture<RoleSessions.Result> open(RoleSessions.Request request) {
    int call = calls.incrementAndGet();
    return CompletableFuture.supplyAsync(
        () ->
            new RoleSessions.Result.Opened(
                Samples.session(
                    "ASIA" + call, InstantSource.system().instant(), Duration.ofHours(1)),
                "req",
                null),
        CompletableFuture.delayedExecutor(stsTime.toMillis(), TimeUnit.MILLISECONDS, sts));
  }

  private static PeerSessions nobody() {
    return (node, request, timeout) ->
        CompletableFuture.failedFuture(new AssertionError("asks nobody"));
  }
}
