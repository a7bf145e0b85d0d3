package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The webhook's endpoint, with a client that acts as an API server. */
final class AdmissionServerIT {

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
  void answersAReviewWithThePatchInBase64() {
    TestWebhook.Answer answer = webhook.review("plain");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.type()).isEqualTo(TestWebhook.JSON);
    JsonNode response = answer.json().path("response");
    assertThat(response.path("uid").asText()).isEqualTo("db3b6f27-d45b-44a6-b310-b333ddec10fc");
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    assertThat(
            Reviews.json(
                new String(
                    Base64.getDecoder().decode(response.path("patch").asText()),
                    StandardCharsets.UTF_8)))
        .isEqualTo(Reviews.patch("plain"));
    assertThat(webhook.counted("injected")).isEqualTo(1);
  }

  @Test
  void allowsWithoutAPatchWhatHasNoAssociation() {
    JsonNode response = webhook.review("host-net").json().path("response");

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("patch") || response.has("patchType")).isFalse();
    assertThat(webhook.counted("no-association")).isEqualTo(1);
  }

  @Test
  void injectsWithoutAnAssociationWhatComesToThePathOfSuchNamespaces() {
    String review = Reviews.named("host-net").json().toString();

    TestWebhook.Answer answer =
        webhook.ask(HttpMethod.POST, "/mutate/always?timeout=5s", TestWebhook.JSON, review);

    assertThat(answer.json().path("response").has("patch")).isTrue();
  }

  @Test
  void leavesToTheFailurePolicyWhatIsNotKnownInTime() {
    webhook.table.silent = true;

    assertThat(webhook.review("plain").status()).isEqualTo(503);
    assertThat(webhook.counted("unknown")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /mutate, text/plain, 415",
    "POST, /mutate, '', 415",
    "GET, /mutate, application/json, 405",
    "PUT, /mutate, application/json, 405",
    "POST, /, application/json, 404",
    "POST, /mutate/, application/json, 404",
    "POST, /mutate, application/json; charset=utf-8, 400"
  })
  void refusesWhatIsNoReview(String method, String path, String type, int status) {
    assertThat(webhook.ask(HttpMethod.valueOf(method), path, type, "{}").status())
        .isEqualTo(status);
  }

  @Test
  void refusesABodyThatIsTooLargeAndGoesOn() {
    String large = "{\"x\": \"" + "x".repeat(TestWebhook.MOST) + "\"}";

    assertThat(webhook.ask(HttpMethod.POST, TestWebhook.PATH, TestWebhook.JSON, large).status())
        .isEqualTo(413);
    assertThat(webhook.counted("refused")).isEqualTo(1);
    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void letsNobodyInWithoutACertificateWhereApiServersHaveOne(@TempDir Path files) throws Exception {
    Certificates clients = new Certificates(files);
    clients.issue("kube-apiserver");
    webhook.serve(TestWebhook.LIMITS, Optional.of(clients.authorityFile()));

    assertThat(webhook.send("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));
    webhook.client = webhook.client(shows(webhook.certificates, "webhook"));
    assertThat(webhook.send("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));

    webhook.client = webhook.client(shows(clients, "kube-apiserver"));
    X509Certificate first = webhook.review("plain").certificate();
    webhook.certificates.issue("webhook");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !webhook.review("plain").certificate().equals(first));
    webhook.client = webhook.client(new HttpClientOptions());
    assertThat(webhook.send("plain").toCompletionStage()).failsWithin(Duration.ofSeconds(10));
  }

  private static HttpClientOptions shows(Certificates of, String name) {
    return new HttpClientOptions()
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(of.certificate(name).toString())
                .setKeyPath(of.key(name).toString()));
  }

  @Test
  void listensWhenWhatReviewsNeedHasBeenAsked() {
    CompletableFuture<Answer> first = new CompletableFuture<>();
    first.completeOnTimeout(Answer.NOT_DECLARED, 300, TimeUnit.MILLISECONDS);
    AtomicInteger answered = new AtomicInteger();

    webhook.serve(
        TestWebhook.LIMITS,
        Optional.empty(),
        (namespace, name) -> first.whenComplete((answer, none) -> answered.incrementAndGet()));

    assertThat(answered).hasValue(2);
    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void listensAlsoWhereNobodyAnswersBeforeTheFirstReview() {
    webhook.serve(
        TestWebhook.LIMITS, Optional.empty(), (namespace, name) -> new CompletableFuture<>());

    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void listensAlsoWhereAskingFailsBeforeTheFirstReview() {
    webhook.serve(
        TestWebhook.LIMITS,
        Optional.empty(),
        (namespace, name) -> {
          throw new IllegalStateException("no API server");
        });

    assertThat(webhook.review("plain").status()).isEqualTo(200);
  }

  @Test
  void showsARenewedCertificateToNewConnections() throws Exception {
    X509Certificate first = webhook.review("plain").certificate();

    webhook.certificates.issue("webhook");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !webhook.review("plain").certificate().equals(first));
    Counter replaced =
        webhook.meters.get(AdmissionMeters.CERTIFICATES).tag("result", "replaced").counter();
    assertThat(replaced.count()).isPositive();
  }
}
