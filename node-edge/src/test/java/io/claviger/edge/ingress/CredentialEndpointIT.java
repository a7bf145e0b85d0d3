package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.HOST;
import static io.claviger.edge.ingress.RawClient.ask;
import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.RawClient.request;
import static io.claviger.edge.ingress.TestIngress.MINT;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint's answers, by the token and by the brokers' answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CredentialEndpointIT {

  private final Instant start = Instant.now();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CredentialReply reply = issued();
  private TestIngress ingress;

  @BeforeAll
  void listen() throws IOException {
    ingress = TestIngress.start(this::answer);
    // The first request loads classes, which may take longer than its deadline.
    ask(ingress.port(), get(token("pod-uid")));
  }

  @AfterAll
  void end() {
    ingress.close();
  }

  private CompletionStage<CredentialReply> answer(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    asked.incrementAndGet();
    return CompletableFuture.completedStage(reply);
  }

  private CredentialReply issued() {
    return Samples.issued("pod-uid", "AKIA1", start);
  }

  @Test
  void answersWhatEverySdkCanRead() throws IOException {
    reply = issued();

    RawAnswer answer = ask(ingress.port(), get(token("pod-uid")));

    SessionCredentials session = ((CredentialReply.Issued) reply).credentials();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).containsExactly("application/json");
    assertThat(answer.header("Cache-Control")).containsExactly("no-store");
    assertThat(answer.body())
        .isEqualTo(
            "{\"AccessKeyId\":\"AKIA1\",\"SecretAccessKey\":\"secret\",\"Token\":\"session token\","
                + "\"AccountId\":\"111122223333\",\"Expiration\":\""
                + session.expiration()
                + "\"}");
    assertThat(answer.json().getString("Expiration")).matches("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z");
  }

  @Test
  void asksABrokerOnceForTheSameTokenOverTwoConnections() throws IOException {
    reply = issued();
    ask(ingress.port(), get(token("pod-uid")));
    int before = asked.get();

    String again = token("pod-uid");
    RawAnswer one = ask(ingress.port(), get(again));
    RawAnswer other = ask(ingress.port(), get(again));

    assertThat(one.status()).isEqualTo(200);
    assertThat(other.body()).isEqualTo(one.body());
    assertThat(asked).hasValue(before);
  }

  @Test
  void answersRequestAfterRequestOnOneConnection() throws IOException {
    reply = issued();
    String token = token("pod-uid");
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(get(token));
      RawAnswer first = client.answer();
      client.send(get(token));
      RawAnswer second = client.answer();

      assertThat(second.body()).isEqualTo(first.body());
    }
  }

  @Test
  void answersAtOnceAlsoWhereTheEdgeItselfFails() throws IOException {
    reply = issued();
    ask(ingress.port(), get(token("pod-uid")));
    try {
      ingress.time =
          () -> {
            throw new IllegalStateException("a bug");
          };
      failed(ask(ingress.port(), get(token("pod-uid-2"))));
    } finally {
      ingress.time = InstantSource.system();
    }
    assertThat(ask(ingress.port(), get(token("pod-uid-2"))).status()).isEqualTo(200);
  }

  private static void failed(RawAnswer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("the edge failed: see its log");
  }

  /** The first of them has a header that is the JSON text null. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bnVsbA.e30.c2ln",
        "e30.bnVsbA.c2ln",
        "W10.W10.c2ln",
        "e30.e30.c2ln",
        "..",
        "a.b.c"
      })
  void refusesATokenThatIsNone(String token) throws IOException {
    RawAnswer answer = ask(ingress.port(), get(token));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("code")).isEqualTo("InvalidTokenException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "bearer ", " "})
  void toleratesWhatStandsBeforeTheToken(String before) throws IOException {
    reply = issued();

    assertThat(ask(ingress.port(), get(before + token("pod-uid"))).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X: y", "Authorization:", "Authorization: Bearer ", "Authorization: x.y.z"})
  void wantsAToken(String header) throws IOException {
    RawAnswer answer = ask(ingress.port(), request("GET", "/v1/credentials", HOST, header));

    answer.assertProblem(400, "InvalidTokenException");
  }

  @Test
  void tellsFaultsOfATokenApart() throws IOException {
    Instant now = Instant.now();

    answerTo(MINT.token(now).expires(now).sign()).assertProblem(400, "ExpiredTokenException");
    answerTo(MINT.token(now.plusSeconds(3_600)).sign()).assertProblem(400, "InvalidTokenException");
    answerTo(MINT.token(now).audience("x").sign()).assertProblem(403, "AccessDeniedException");
    answerTo(MINT.token(now).node("node-2").sign()).assertProblem(403, "AccessDeniedException");
  }

  private RawAnswer answerTo(String token) throws IOException {
    RawAnswer answer = ask(ingress.port(), get(token));
    assertThat(answer.body()).doesNotContain(token);
    return answer;
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ASSOCIATION, 404, ResourceNotFoundException",
    "NOT_GRANTED, 403, AccessDeniedException",
    "ROLE_REVOKED, 403, AccessDeniedException",
    "POD_REVOKED, 403, AccessDeniedException",
    "ROLE_DENIED, 403, AccessDeniedException",
    "ROLE_MISCONFIGURED, 403, AccessDeniedException",
    "INVALID_TOKEN, 400, InvalidTokenException",
    "EXPIRED_TOKEN, 400, ExpiredTokenException",
    "WRONG_NODE, 403, AccessDeniedException",
  })
  void saysWhatABrokerRefuses(RefusalReason reason, int status, String code) throws IOException {
    String uid = "refused-" + reason;
    String serviceAccount = "sa-" + reason.name().toLowerCase(Locale.ROOT);
    reply = new CredentialReply.Refused(reason, "what to do", null, Samples.at(1));

    RawAnswer answer =
        ask(
            ingress.port(),
            get(
                MINT.token(Instant.now().minusSeconds(90))
                    .pod(uid)
                    .serviceAccount(serviceAccount)
                    .sign()));

    answer.assertProblem(status, code);
    assertThat(answer.json().getString("message")).isEqualTo("what to do");
    assertThat(answer.header(RefusalReason.HEADER)).containsExactly(reason.name());
  }

  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void neverAnswers429(RefusalReason reason) {
    assertThat(Problem.of(reason, "x").status()).isIn(400, 403, 404);
  }
}
