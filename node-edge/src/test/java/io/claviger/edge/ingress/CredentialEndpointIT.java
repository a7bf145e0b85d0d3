package io.claviger.edge.ingress;

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

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CredentialEndpointIT {

  private static final String HOST = "Host: 169.254.170.23";

  private final Instant start = Instant.now();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CredentialReply reply = issued();
  private TestIngress ingress;

  @BeforeAll
  void listen() {
    ingress = TestIngress.start(this::answer);
  }

  @AfterAll
  void end() {
    ingress.close();
  }

  private CompletionStage<CredentialReply> answer(CredentialRequest request, Duration timeout) {
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
      strings = {
        "/",
        "/v1/credentials/",
        "//v1/credentials",
        "/V1/credentials",
        "/v1/%63redentials",
        "/latest/meta-data",
        "http://169.254.170.23/latest/meta-data",
        "https://169.254.170.23/v1/credentials",
        "http://169.254.170.23",
      })
  void servesNoOtherPath(String path) throws IOException {
    RawAnswer answer =
        ask(ingress.port(), request("GET", path, HOST, "Authorization: " + token("pod-uid")));

    isProblem(answer, 404, "ResourceNotFoundException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/credentials?x=1",
        "/v1/credentials?",
        "http://169.254.170.23/v1/credentials",
        "HTTP://169.254.170.23:80/v1/credentials?x=1",
        "http://[fd00:ec2::23]/v1/credentials",
      })
  void servesThePathInEveryFormOfATarget(String target) throws IOException {
    reply = issued();

    RawAnswer answer =
        ask(ingress.port(), request("GET", target, HOST, "Authorization: " + token("pod-uid")));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example.org/v1/credentials,169.254.170.23",
    "http://169.254.170.23@evil.example.org/v1/credentials,169.254.170.23",
    "http:///v1/credentials,169.254.170.23",
    "http://169.254.170.23/v1/credentials,evil.example.org",
  })
  void refusesATargetOfAnotherHostAndAnotherHostBesideTheTarget(String target, String host)
      throws IOException {
    RawAnswer answer =
        ask(
            ingress.port(),
            request("GET", target, "Host: " + host, "Authorization: " + token("pod-uid")));

    isProblem(answer, 403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        HOST + "\r\n" + HOST,
        HOST + "\r\nhost: evil.example.org",
      })
  void wantsOneHostAndEndsTheConnectionOtherwise(String headers) throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(request("GET", "/v1/credentials", headers, "Authorization: " + token("pod-uid")));

      isProblem(client.answer(), 400, "InvalidRequestException");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void wantsAHostOfWhoSpeaksTheOlderProtocolToo() throws IOException {
    String older =
        "GET /v1/credentials HTTP/1.0\r\nAuthorization: " + token("pod-uid") + "\r\n\r\n";

    isProblem(ask(ingress.port(), older), 403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void answersNoOtherMethod(String method) throws IOException {
    RawAnswer answer =
        ask(
            ingress.port(),
            request(
                method,
                "/v1/credentials",
                HOST,
                "Content-Length: 0",
                "Authorization: " + token("pod-uid")));

    isProblem(answer, 405, "InvalidRequestException");
    assertThat(answer.header("Allow")).containsExactly("GET");
  }

  @Test
  void answersNoHead() throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(request("HEAD", "/v1/credentials", HOST));

      assertThat(client.answer(false).status()).isEqualTo(405);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"124.3.1.2", "evil.example.org", "169.254.170.23.example.org", ""})
  void refusesAnotherHostBeforeItLooksAtTheToken(String host) throws IOException {
    RawAnswer answer = ask(ingress.port(), request("GET", "/v1/credentials", "Host: " + host));

    isProblem(answer, 403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[fd00:ec2::23]:80", "[fd00:ec2::23]", "fd00:ec2::23", "127.0.0.1:8080"})
  void answersEveryAddressThatItServes(String host) throws IOException {
    reply = issued();

    RawAnswer answer =
        ask(
            ingress.port(),
            request(
                "GET", "/v1/credentials", "Host: " + host, "Authorization: " + token("pod-uid")));

    assertThat(answer.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X: y", "Authorization:", "Authorization: Bearer ", "Authorization: x.y.z"})
  void wantsAToken(String header) throws IOException {
    RawAnswer answer = ask(ingress.port(), request("GET", "/v1/credentials", HOST, header));

    isProblem(answer, 400, "InvalidTokenException");
  }

  @Test
  void tellsFaultsOfATokenApart() throws IOException {
    Instant now = Instant.now();

    isProblem(answerTo(MINT.token(now).expires(now).sign()), 400, "ExpiredTokenException");
    isProblem(answerTo(MINT.token(now.plusSeconds(3_600)).sign()), 400, "InvalidTokenException");
    isProblem(answerTo(MINT.token(now).audience("x").sign()), 403, "AccessDeniedException");
    isProblem(answerTo(MINT.token(now).node("node-2").sign()), 403, "AccessDeniedException");
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

    isProblem(answer, status, code);
    assertThat(answer.json().getString("message")).isEqualTo("what to do");
    assertThat(answer.header(RefusalReason.HEADER)).containsExactly(reason.name());
  }

  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void neverAnswers429(RefusalReason reason) {
    assertThat(Problem.of(reason, "x").status()).isIn(400, 403, 404);
  }

  @Test
  void readsHeadsOfUpToSixteenKilobytes() throws IOException {
    reply = issued();
    String head = get(token("pod-uid"));
    String filler = "X-Filler: " + "x".repeat(15 * 1024 - head.length()) + "\r\n\r\n";

    RawAnswer answer = ask(ingress.port(), head.substring(0, head.length() - 2) + filler);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void endsTheConnectionOfWhoSendsALargerHead() throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(request("GET", "/v1/credentials", HOST, "X-Filler: " + "x".repeat(17 * 1024)));

      isProblem(client.answer(), 431, "InvalidRequestException");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
  void endsTheConnectionOfWhoAnnouncesABody(String header) throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(
          request("GET", "/v1/credentials", HOST, header, "Authorization: " + token("pod-uid")));

      isProblem(client.answer(), 413, "InvalidRequestException");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void endsTheConnectionOfWhoSpeaksNoHttp() throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send("\u0016\u0003\u0001 hello\r\n\r\n");

      isProblem(client.answer(), 400, "InvalidRequestException");
      assertThat(client.isEnded()).isTrue();
    }
  }

  private static void isProblem(RawAnswer answer, int status, String code) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).containsExactly("application/json");
    assertThat(answer.header("Cache-Control")).containsExactly("no-store");
    String message = answer.json().getString("message");
    assertThat(message).isNotBlank();
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"%s\",\"message\":\"%s\",\"Code\":\"%s\",\"Message\":\"%s\"}"
                .formatted(code, message, code, message));
  }
}
