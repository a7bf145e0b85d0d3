package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.stsfake.AssumedRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Many pods at once, one broker, and a realistic STS. */
@Execution(ExecutionMode.CONCURRENT)
class IssuanceOverStsIT {

  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";
  private static final String OTHER_ROLE = "arn:aws:iam::111122223333:role/pods/other";

  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger maxAtOnce = new AtomicInteger();
  private StsFixture fixture;
  private OneBroker broker;

  @BeforeEach
  void open() throws Exception {
    fixture = new StsFixture();
    RoleSessions sessions = fixture.roleSessions;
    broker =
        new OneBroker(
            request -> {
              maxAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              return sessions.open(request).whenComplete((end, bug) -> atOnce.decrementAndGet());
            },
            fixture.quotas);
  }

  @AfterEach
  void close() throws Exception {
    broker.close();
    fixture.close();
  }

  @Test
  void opensOneSessionForTwoHundredPodsOfAServiceAccount() throws Exception {
    broker.associate("cart", 1, ROLE);

    List<IssueOutcome> outcomes = fromManyThreads(200, number -> "cart");

    assertThat(outcomes).hasSize(200).hasOnlyElementsOfType(IssueOutcome.Issued.class);
    assertThat(accessKeys(outcomes)).hasSize(1);
    assertThat(fixture.sts.ledger().assumeRoleCalls()).isEqualTo(1);
  }

  @Test
  void opensFiftySessionsForFiftyServiceAccountsAndNoMoreAtOnceThanItHasSlots() throws Exception {
    fixture.sts.behaviour().latency(Duration.ofMillis(50));
    IntStream.range(0, 50).forEach(number -> broker.associate("sa-" + number, 1, ROLE));

    List<IssueOutcome> outcomes = fromManyThreads(500, number -> "sa-" + number % 50);

    assertThat(outcomes).hasSize(500).hasOnlyElementsOfType(IssueOutcome.Issued.class);
    assertThat(accessKeys(outcomes)).hasSize(50);
    assertThat(fixture.sts.ledger().assumeRoleCalls()).isEqualTo(50);
    assertThat(maxAtOnce).hasValueLessThanOrEqualTo(OneBroker.SLOTS);
    await().until(() -> broker.stored.size() == 50);
  }

  @Test
  void dropsTheSessionOfAnAssociationThatChangedWhileStsWasAtWork() throws Exception {
    fixture.sts.behaviour().latency(Duration.ofMillis(500));
    broker.associate("cart", 1, ROLE);
    CompletableFuture<IssueOutcome> outcome = broker.issue("cart");
    await().until(() -> fixture.sts.ledger().assumeRoleCalls() == 1);

    broker.associate("cart", 2, OTHER_ROLE);

    IssueOutcome.Issued issued = issued(outcome.get(5, TimeUnit.SECONDS));
    assertThat(issued.association().revision()).isEqualTo(2);
    assertThat(fixture.sts.ledger().assumedRoles().stream().map(AssumedRole::roleArn))
        .containsExactly(ROLE, OTHER_ROLE);
    assertThat(issued.credentials().accessKeyId())
        .isEqualTo(fixture.sts.ledger().assumedRoles().getLast().accessKeyId());
    await().until(() -> !broker.stored.isEmpty());
    assertThat(broker.stored.keySet()).extracting(SessionKey::revision).containsExactly(2L);
    assertThat(broker.events)
        .filteredOn(event -> event.type() == CredentialEvent.Type.INVALIDATED)
        .anyMatch(event -> event.accessKeyId() != null);
  }

  @Test
  void refusesWhenTheAssociationIsGoneBeforeStsHasAnswered() throws Exception {
    fixture.sts.behaviour().latency(Duration.ofMillis(500));
    broker.associate("cart", 1, ROLE);
    CompletableFuture<IssueOutcome> outcome = broker.issue("cart");
    await().until(() -> fixture.sts.ledger().assumeRoleCalls() == 1);

    broker.dissociate("cart");

    assertThat(outcome.get(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.NO_ASSOCIATION));
    assertThat(broker.stored).isEmpty();
  }

  @Test
  void namesASessionTheSameEachTimeItIsOpened() throws Exception {
    fixture.sts.behaviour().sessionDuration(Duration.ofSeconds(62));
    broker.associate("cart", 1, ROLE);

    broker.issue("cart").get(5, TimeUnit.SECONDS);
    await()
        .until(
            () -> {
              broker.issue("cart").get(5, TimeUnit.SECONDS);
              return fixture.sts.ledger().assumeRoleCalls() >= 2;
            });

    List<AssumedRole> calls = fixture.sts.ledger().assumedRoles();
    assertThat(calls)
        .extracting(AssumedRole::sessionName)
        .containsOnly(calls.getFirst().sessionName());
    assertThat(calls.getFirst().sessionName()).matches("shop\\.cart-[0-9a-f]{12}");
    assertThat(calls.getFirst().tags().keySet())
        .isEqualTo(
            Set.of(
                "eks-cluster-arn",
                "eks-cluster-name",
                "kubernetes-namespace",
                "kubernetes-service-account"));
  }

  @Test
  void asksAgainWhenStsIsSilentForLongerThanATryMayTake() throws Exception {
    try (StsFixture hasty = new StsFixture(Duration.ofSeconds(1), Duration.ofSeconds(8));
        OneBroker asking = new OneBroker(hasty.roleSessions, hasty.quotas)) {
      asking.associate("cart", 1, ROLE);
      hasty.sts.behaviour().latency(Duration.ofSeconds(5));
      CompletableFuture<IssueOutcome> outcome = asking.issue("cart");
      await().until(() -> hasty.sts.ledger().assumeRoleCalls() > 0);
      hasty.sts.behaviour().latency(Duration.ZERO);

      issued(outcome.get(8, TimeUnit.SECONDS));
      assertThat(hasty.sts.ledger().assumeRoleCalls()).isBetween(2L, 3L);
    }
  }

  @Test
  void answersOnAThreadOfItsOwnAndNotOfTheSdk() throws Exception {
    fixture.sts.behaviour().latency(Duration.ofMillis(200));
    broker.associate("cart", 1, ROLE);

    String thread =
        broker
            .issue("cart")
            .thenApply(outcome -> Thread.currentThread().getName())
            .get(5, TimeUnit.SECONDS);

    assertThat(thread).startsWith("issuance-it");
  }

  private List<IssueOutcome> fromManyThreads(int requests, IntFunction<String> serviceAccount)
      throws InterruptedException {
    List<Callable<CompletableFuture<IssueOutcome>>> pods = new ArrayList<>();
    for (int number = 0; number < requests; number++) {
      String name = serviceAccount.apply(number);
      pods.add(() -> broker.issue(name));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      return threads.invokeAll(pods).stream()
          .map(Future::resultNow)
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private static Set<String> accessKeys(List<IssueOutcome> outcomes) {
    return outcomes.stream()
        .map(outcome -> issued(outcome).credentials().accessKeyId())
        .collect(Collectors.toSet());
  }

  private static IssueOutcome.Issued issued(IssueOutcome outcome) {
    assertThat(outcome).isInstanceOf(IssueOutcome.Issued.class);
    return (IssueOutcome.Issued) outcome;
  }
}
