package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.HOST;
import static io.claviger.edge.ingress.RawClient.ask;
import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.RawClient.request;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.Samples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are answered, and which part of the head gets others rejected. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestHeadsIT {

  private TestIngress ingress;

  @BeforeAll
  void listen() {
    ingress =
        TestIngress.start(
            (request, timeout, again) ->
                CompletableFuture.completedStage(
                    Samples.issued("pod-uid", "AKIA1", Instant.now())));
  }

  @AfterAll
  void end() {
    ingress.close();
  }

  private RawAnswer askWithToken(String method, String target, String headers) throws IOException {
    return ask(ingress.port(), withToken(method, target, headers));
  }

  private static String withToken(String method, String target, String headers) {
    return request(method, target, headers, "Authorization: " + token("pod-uid"));
  }

  private void assertEnds(String request, int status, String code) throws IOException {
    try (RawClient client = new RawClient(ingress.port())) {
      client.send(request);

      client.answer().assertProblem(status, code);
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** The answers fill all buffers; the edge does not wait for the client to read them. */
  @Test
  void endsTheConnectionOfWhoAsksAndReadsNothing() throws IOException {
    // Long enough that few requests, and few lines, are read at once.
    String request = withToken("GET", "/v1/credentials", HOST + "\r\nX: " + "x".repeat(14_000));
    double before = ingress.cutOff();
    try (RawClient silent = RawClient.withSmallBuffer(ingress.port())) {
      assertThat(CompletableFuture.runAsync(() -> silent.sendUntilClosed(request)))
          .succeedsWithin(Duration.ofSeconds(30));
      assertThat(ingress.cutOff()).isGreaterThan(before);
    }
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
    askWithToken("GET", path, HOST).assertProblem(404, "ResourceNotFoundException");
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
    RawAnswer answer = askWithToken("GET", target, HOST);

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
    askWithToken("GET", target, "Host: " + host).assertProblem(403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        HOST + "\r\n" + HOST,
        HOST + "\r\nhost: evil.example.org",
      })
  void wantsOneHostAndEndsTheConnectionOtherwise(String headers) throws IOException {
    assertEnds(withToken("GET", "/v1/credentials", headers), 400, "InvalidRequestException");
  }

  @Test
  void wantsAHostOfWhoSpeaksTheOlderProtocolToo() throws IOException {
    String older =
        "GET /v1/credentials HTTP/1.0\r\nAuthorization: " + token("pod-uid") + "\r\n\r\n";

    ask(ingress.port(), older).assertProblem(403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void answersNoOtherMethod(String method) throws IOException {
    RawAnswer answer = askWithToken(method, "/v1/credentials", HOST + "\r\nContent-Length: 0");

    answer.assertProblem(405, "InvalidRequestException");
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
    ask(ingress.port(), request("GET", "/v1/credentials", "Host: " + host))
        .assertProblem(403, "AccessDeniedException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[fd00:ec2::23]:80", "[fd00:ec2::23]", "fd00:ec2::23", "127.0.0.1:8080"})
  void answersEveryAddressThatItServes(String host) throws IOException {
    RawAnswer answer = askWithToken("GET", "/v1/credentials", "Host: " + host);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void readsHeadsOfUpToSixteenKilobytes() throws IOException {
    String head = get(token("pod-uid"));
    String filler = "X-Filler: " + "x".repeat(15 * 1024 - head.length()) + "\r\n\r\n";

    RawAnswer answer = ask(ingress.port(), head.substring(0, head.length() - 2) + filler);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void endsTheConnectionOfWhoSendsALargerHead() throws IOException {
    assertEnds(
        request("GET", "/v1/credentials", HOST, "X-Filler: " + "x".repeat(17 * 1024)),
        431,
        "InvalidRequestException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
  void endsTheConnectionOfWhoAnnouncesABody(String header) throws IOException {
    assertEnds(
        withToken("GET", "/v1/credentials", HOST + "\r\n" + header),
        413,
        "InvalidRequestException");
  }

  @Test
  void endsTheConnectionOfWhoSpeaksNoHttp() throws IOException {
    assertEnds("\u0016\u0003\u0001 hello\r\n\r\n", 400, "InvalidRequestException");
  }
}
