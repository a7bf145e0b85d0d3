package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CredentialHandlerTest {

  private static final Instant NOW = BridgeFixture.NOW;
  private static final int MOST = 4;
  private static final Position POSITION = new Position(1, 7);
  private static final WorkloadIdentity CART =
      new WorkloadIdentity("c1", "shop", "cart", "cart-7", "uid-7", "node-1");
  private static final SessionCredentials SESSION =
      new SessionCredentials(
          "ASIA7", "secret", "token", "111122223333", "arn", "AROA:x", NOW, NOW.plusSeconds(3600));
  private static final Association ASSOCIATION =
      new Association(
          "a-1",
          "c1",
          new AssociationSpec(
              "shop", "cart", "arn:aws:iam::111122223333:role/cart", null, false, null, Map.of()),
          "key/tester",
          3,
          NOW,
          NOW);
  private static final IssueOutcome ISSUED =
      new IssueOutcome.Issued(SESSION, ASSOCIATION, TagScope.SERVICE_ACCOUNT, POSITION);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private volatile Runnable duringTheFirst = () -> {};
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final List<Caller> callers = new CopyOnWriteArrayList<>();
  private final AtomicInteger askedBefore = new AtomicInteger();
  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private final TestRequests requests = new TestRequests(vertx, BusProtocol.CREDENTIALS);
  private volatile CompletionStage<TokenVerification> verification =
      CompletableFuture.completedStage(
          new TokenVerification.Verified(CART, NOW.plusSeconds(600), "key-1"));
  private volatile CompletionStage<IssueOutcome> outcome = CompletableFuture.completedStage(ISSUED);

  @BeforeEach
  void deploy() throws Exception {
    BridgeFixture.await(
        vertx.deployVerticle(
            new CredentialHandler(
                BusProtocol.CREDENTIALS,
                (token, caller, priority) -> {
                  if (tokens.isEmpty()) {
                    duringTheFirst.run();
                  }
                  tokens.add(token);
                  callers.add(caller);
                  return verification;
                },
                (workload, priority, minPosition, wait) -> {
                  askedBefore.set(requests.subscribed.size());
                  waits.add(wait);
                  return outcome;
                },
                cluster -> POSITION,
                new IngressMeters(meters),
                new CredentialHandler.Limits(MOST, Duration.ofMillis(300)),
                () -> NOW)));
  }

  @AfterEach
  void close() throws Exception {
    BridgeFixture.await(vertx.close());
  }

  @Test
  void answersWithTheSessionAndWhatItWasIssuedUnder() throws Exception {
    assertThat(ask())
        .isEqualTo(
            new CredentialReply.Issued(
                CART, NOW.plusSeconds(600), TagScope.SERVICE_ACCOUNT, "a-1", 3, POSITION, SESSION));
    assertThat(callers).containsExactly(new Caller("c1", "node-1", "uid-1"));
  }

  @Test
  void saysWhomTheConnectionAsksForBeforeTheIssuerReadsTheTable() throws Exception {
    ask();

    assertThat(requests.subscribed).containsExactly(AssociationKey.of(CART));
    assertThat(askedBefore).hasValue(1);
  }

  @Test
  void refusesATokenThatIsRejected() throws Exception {
    verification =
        CompletableFuture.completedStage(
            new TokenVerification.Rejected(RefusalReason.WRONG_NODE, "another node"));

    assertThat(ask())
        .isEqualTo(
            new CredentialReply.Refused(RefusalReason.WRONG_NODE, "another node", null, POSITION));
  }

  @Test
  void isUnavailableWhileTheIssuersKeysCannotBeHad() throws Exception {
    verification = CompletableFuture.completedStage(new TokenVerification.UnknownKey("key-9"));

    assertThat(ask())
        .isInstanceOfSatisfying(
            CredentialReply.Unavailable.class,
            later -> assertThat(later.retryAfterMillis()).isZero());
  }

  @Test
  void passesOnWhatTheIssuerSays() throws Exception {
    outcome =
        CompletableFuture.completedStage(
            new IssueOutcome.Refused(RefusalReason.NO_ASSOCIATION, "none", POSITION));
    assertThat(ask())
        .isEqualTo(
            new CredentialReply.Refused(RefusalReason.NO_ASSOCIATION, "none", CART, POSITION));

    outcome =
        CompletableFuture.completedStage(
            new IssueOutcome.Unavailable("slow", Duration.ofMillis(500)));
    assertThat(ask()).isEqualTo(new CredentialReply.Unavailable("slow", 500));
  }

  @Test
  void answersAtTheDeadlineWhateverIsStillAtWork() throws Exception {
    outcome = new CompletableFuture<>();

    CredentialReply late = ask();

    assertThat(late).isEqualTo(new CredentialReply.Unavailable("the request timed out", 100));
  }

  @Test
  void answersWhenSomethingFailsAndDoesNotSayWhat() throws Exception {
    verification = CompletableFuture.failedStage(new IllegalStateException("secret detail"));

    assertThat(ask()).isEqualTo(new CredentialReply.Unavailable("the broker failed to answer", 0));
  }

  @Test
  void turnsAwayAtOnceWhatIsTooMuch() throws Exception {
    CompletableFuture<IssueOutcome> slow = new CompletableFuture<>();
    outcome = slow;
    List<Future<CredentialReply>> taken = new ArrayList<>();
    for (int number = 0; number < MOST; number++) {
      taken.add(request());
    }
    await().until(() -> callers.size() == MOST);

    CredentialReply tooMuch = ask();

    assertThat(tooMuch)
        .isEqualTo(new CredentialReply.Unavailable("this broker has too many requests", 1000));
    assertThat(callers).hasSize(MOST);
    assertThat(taken).noneMatch(Future::isComplete);
    slow.complete(ISSUED);
    assertThat(BridgeFixture.await(Future.all(taken)).succeeded()).isTrue();
    assertThat(meters.get(IngressMeters.REQUESTS_UNDER_WAY).gauge().value()).isZero();
    assertThat(ask()).isInstanceOf(CredentialReply.Issued.class);
  }

  @Test
  void takesTheNewestFirst() {
    duringTheFirst =
        () ->
            IntStream.range(1, MOST)
                .forEach(number -> requests.send("c1", body("a.b." + number), NOW));

    requests.send("c1", body("a.b.0"), NOW);

    await().until(() -> tokens.size() == MOST);
    assertThat(tokens).containsExactly("a.b.0", "a.b.3", "a.b.2", "a.b.1");
  }

  @Test
  void givesWhatIsRefreshedTurnsOfItsOwn() {
    duringTheFirst =
        () -> {
          requests.send("c1", body("a.b.refresh", RequestPriority.ROUTINE), NOW);
          requests.send("c1", body("a.b.1"), NOW);
          requests.send("c1", body("a.b.2"), NOW);
        };

    requests.send("c1", body("a.b.0"), NOW);

    await().until(() -> tokens.size() == MOST);
    assertThat(tokens).containsExactly("a.b.0", "a.b.refresh", "a.b.2", "a.b.1");
  }

  @Test
  void answersWhatNobodyWaitsForUnseen() throws Exception {
    CredentialRequest request =
        new CredentialRequest(1, "a.b.c", RequestPriority.FIRST, Position.NONE, 200L);

    assertThat(ask(request, NOW.minusMillis(200)))
        .isEqualTo(new CredentialReply.Unavailable("the request timed out in the queue", 100));
    assertThat(callers).isEmpty();
    assertThat(meters.get(IngressMeters.REQUESTS).tag("result", "late").counter().count())
        .isEqualTo(1);
    assertThat(meters.get(IngressMeters.REQUESTS_UNDER_WAY).gauge().value()).isZero();

    assertThat(ask(request, NOW.minusMillis(150))).isInstanceOf(CredentialReply.Issued.class);
    assertThat(waits).containsExactly(Duration.ofMillis(50));
  }

  @Test
  void letsNobodyWaitForLongerThanItsOwnDeadline() throws Exception {
    CredentialRequest request =
        new CredentialRequest(1, "a.b.c", RequestPriority.FIRST, Position.NONE, Long.MAX_VALUE);

    assertThat(ask(request, NOW.plusSeconds(60))).isInstanceOf(CredentialReply.Issued.class);
    outcome = new CompletableFuture<>();
    assertThat(ask(request, NOW)).isInstanceOf(CredentialReply.Unavailable.class);

    assertThat(waits.getLast()).isEqualTo(Duration.ofMillis(300));
  }

  private CredentialReply ask(CredentialRequest request, Instant arrived) throws Exception {
    return BridgeFixture.await(
        requests
            .send("c1", Bodies.of(request), arrived)
            .map(message -> Bodies.read(message.body(), CredentialReply.class)));
  }

  @Test
  void failsWhatIsNoRequest() {
    assertThatThrownBy(() -> BridgeFixture.await(requests.send("c1", Buffer.buffer("{}"))))
        .hasMessageContaining("malformed CredentialRequest");
    assertThat(callers).isEmpty();
    assertThat(meters.get(IngressMeters.REQUESTS).tag("result", "malformed").counter().count())
        .isEqualTo(1);
  }

  private CredentialReply ask() throws Exception {
    return BridgeFixture.await(request());
  }

  private Future<CredentialReply> request() {
    return requests
        .send("c1", body())
        .map(message -> Bodies.read(message.body(), CredentialReply.class));
  }

  private static Buffer body() {
    return body("a.b.c");
  }

  private static Buffer body(String token) {
    return body(token, RequestPriority.FIRST);
  }

  private static Buffer body(String token, RequestPriority priority) {
    return Bodies.of(new CredentialRequest(1, token, priority, Position.NONE, null));
  }
}
