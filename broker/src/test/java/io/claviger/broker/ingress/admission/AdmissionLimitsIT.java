package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits of the webhook, which protect other clients. */
final class AdmissionLimitsIT {

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionLimitsIT.class);
  private static final AdmissionLimits LIMITS = TestWebhook.LIMITS;
  private static final int REVIEWS = 20;

  private TestWebhook webhook;

  @BeforeEach
  void serve(@TempDir Path directory) throws Exception {
    webhook = new TestWebhook(directory);
  }

  @AfterEach
  void close() {
    webhook.close();
  }

  @Test
  void turnsAwayWhatIsTooMuchAtOnce() {
    webhook.table.silent = true;
    Future<TestWebhook.Answer> first = webhook.send("plain");
    await()
        .until(
            () ->
                webhook.meters.get(AdmissionMeters.UNDER_WAY).gauge().value() == LIMITS.underWay());

    assertThat(webhook.review("plain").status()).isEqualTo(503);
    assertThat(webhook.counted("busy")).isEqualTo(1);

    assertThat(TestWebhook.done(first).body()).contains("cannot determine yet");
    webhook.table.silent = false;
    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void givesNoPlaceToWhoAnnouncesABodyAndSendsLittle() {
    for (int i = 0; i < LIMITS.connections() / 2 - 1; i++) {
      TestWebhook.done(
          webhook
              .begin(webhook.client)
              .compose(
                  request ->
                      request
                          .putHeader("Content-Length", "" + TestWebhook.MOST)
                          .write(Buffer.buffer("{"))));
    }

    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void rejectsABodyForWhichThereIsNoRoom() {
    fillTheRoom(webhook.client);

    await().until(() -> webhook.review("plain").status() == 503);
    assertThat(webhook.counted("busy")).isPositive();
  }

  @Test
  void leavesRoomForOthersWhereOneAddressTakesAllThatItCan() {
    fillTheRoom(fromAnotherAddress());

    for (int i = 0; i < 10; i++) {
      assertThat(webhook.review("plain").status()).isEqualTo(200);
    }
  }

  private void fillTheRoom(HttpClient by) {
    Buffer most = Buffer.buffer("x".repeat(TestWebhook.MOST));
    for (int i = 0; i < TestWebhook.ROOM / TestWebhook.MOST; i++) {
      TestWebhook.done(webhook.begin(by).compose(request -> request.setChunked(true).write(most)));
    }
  }

  private HttpClient fromAnotherAddress() {
    return webhook.client(new HttpClientOptions().setLocalAddress("127.0.0.9"));
  }

  /** Sends reviews of three megabytes in sequence, on eight connections. */
  @Test
  void answersAnApiServerWhileOneAddressSendsLargeReviewsAllTheTime() {
    webhook.serve(AdmissionLimits.of(Duration.ofSeconds(1)), Optional.empty());
    List<Duration> without = times();
    double before = webhook.counted("injected");
    HttpClient flooding = fromAnotherAddress();
    Buffer large = Buffer.buffer(large());
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < 8; i++) {
      flood(flooding, large, over);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> webhook.counted("injected") > before);

    List<Duration> beside = times();
    over.set(true);

    LOG.atInfo()
        .addKeyValue("without", without.get(REVIEWS / 2) + ", " + without.getLast())
        .addKeyValue("beside", beside.get(REVIEWS / 2) + ", " + beside.getLast())
        .log("reviews, median and longest");
    assertThat(beside.get(REVIEWS / 2)).isLessThan(Duration.ofSeconds(1));
  }

  private static String large() {
    JsonNode review = Reviews.named("plain").json();
    ObjectNode annotations =
        ((ObjectNode) review.at("/request/object/metadata")).putObject("annotations");
    for (int i = 0; i < 80_000; i++) {
      annotations.put("example.org/annotation-" + i, "v" + i);
    }
    return review.toString();
  }

  private void flood(HttpClient flooding, Buffer large, AtomicBoolean over) {
    webhook
        .begin(flooding)
        .compose(request -> request.send(large))
        .compose(HttpClientResponse::body)
        .onComplete(
            answered -> {
              if (!over.get()) {
                flood(flooding, large, over);
              }
            });
  }

  private List<Duration> times() {
    return Stream.generate(
            () -> {
              long started = System.nanoTime();
              assertThat(webhook.review("plain").status()).isEqualTo(200);
              return Duration.ofNanos(System.nanoTime() - started);
            })
        .limit(REVIEWS)
        .sorted()
        .toList();
  }

  /** Before the handshake, the connection is unauthenticated. */
  @Test
  void closesAConnectionThatMakesNoHandshake() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", webhook.port)) {
      socket.setSoTimeout(8_000);

      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  /** Sends bytes over TLS. */
  @Test
  void closesAConnectionWithMoreLinesThanClientsSend() {
    assertThat(withHeaders(90)).isEqualTo(200);
    assertThat(withHeaders(120)).isZero();
  }

  /** Returns the status, or 0 when the connection ends without an answer. */
  private int withHeaders(int count) {
    Buffer review = Buffer.buffer(Reviews.named("plain").json().toString());
    return TestWebhook.done(
        webhook
            .begin(webhook.client)
            .compose(
                request -> {
                  for (int i = 0; i < count; i++) {
                    request.putHeader("X-" + i, "x");
                  }
                  return request.send(review).map(HttpClientResponse::statusCode);
                })
            .otherwise(0));
  }

  @Test
  void closesConnectionsOfOneAddressBeyondHalf() {
    HttpClient other = fromAnotherAddress();
    AtomicInteger closed = new AtomicInteger();
    List<Future<Void>> begun =
        Stream.generate(() -> begun(other, closed)).limit(LIMITS.connections()).toList();
    begun.forEach(one -> TestWebhook.done(one.otherwiseEmpty()));

    assertThat(webhook.review("plain").status()).isEqualTo(200);
    await().until(() -> closed.get() >= LIMITS.connections() / 2);
  }

  private Future<Void> begun(HttpClient by, AtomicInteger closed) {
    return webhook
        .begin(by)
        .onFailure(refused -> closed.incrementAndGet())
        .compose(
            request -> {
              request.connection().closeHandler(gone -> closed.incrementAndGet());
              return request.setChunked(true).write(Buffer.buffer("{"));
            });
  }
}
