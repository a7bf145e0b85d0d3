package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.ask;
import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RefusalReason;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests for which the edge has to ask a broker. */
final class WaitingIT {

  private final AtomicInteger asked = new AtomicInteger();
  private final Queue<CompletableFuture<CredentialReply>> open = new ConcurrentLinkedQueue<>();
  private TestIngress ingress = TestIngress.start(this::silent);

  @AfterEach
  void end() {
    ingress.close();
  }

  private CompletionStage<CredentialReply> silent(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    asked.incrementAndGet();
    CompletableFuture<CredentialReply> answer = new CompletableFuture<>();
    open.add(answer);
    return answer;
  }

  private void brokerAnswers(CredentialReply reply) {
    await().until(() -> !open.isEmpty());
    open.remove().complete(reply);
  }

  @Test
  void areAnswered503AtTheDeadlineWhileTheFlightGoesOn() throws IOException {
    long start = System.nanoTime();
    RawAnswer late = ask(ingress.port(), get(token("pod-uid")));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);

    assertThat(late.status()).isEqualTo(503);
    assertThat(late.json().getString("code")).isEqualTo("ServiceUnavailableException");
    assertThat(waited).isBetween(Duration.ofMillis(890), Duration.ofMillis(1_300));
    brokerAnswers(Samples.issued("pod-uid", "AKIA1", Instant.now()));
    RawAnswer next = ask(ingress.port(), get(token("pod-uid")));
    assertThat(next.json().getString("AccessKeyId")).isEqualTo("AKIA1");
    assertThat(asked).hasValue(1);
    assertThat(ingress.requests("deadline")).isEqualTo(1);
    assertThat(ingress.requests("hit")).isEqualTo(1);
  }

  @Test
  void ofANewPodAreAnsweredOnceItsAssociationIsThere() throws Exception {
    String token = token("pod-uid");
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<RawAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(clients.submit(() -> ask(ingress.port(), get(token))));
      }
      brokerAnswers(Samples.refused("pod-uid", RefusalReason.NO_ASSOCIATION, Samples.at(1)));
      // A push before the refusal is cached makes the edge itself ask again.
      await()
          .until(
              () -> {
                ingress.changed(Samples.WEB, 1, Samples.at(2));
                return asked.get() == 2;
              });
      brokerAnswers(
          Samples.issued(
              "pod-uid",
              1,
              Samples.at(2),
              Samples.session("AKIA1", Instant.now(), Duration.ofHours(1))));

      for (Future<RawAnswer> answer : answers) {
        assertThat(answer.get().json().getString("AccessKeyId")).isEqualTo("AKIA1");
      }
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void ofANewPodWithoutAnAssociationWaitAndAreThenToBeTriedAgainWithoutAskingABroker()
      throws Exception {
    CompletableFuture.runAsync(
        () ->
            brokerAnswers(Samples.refused("pod-uid", RefusalReason.NO_ASSOCIATION, Samples.at(1))));
    for (int attempt = 0; attempt < 2; attempt++) {
      long start = System.nanoTime();

      RawAnswer answer = ask(ingress.port(), get(token("pod-uid")));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(890), Duration.ofMillis(1_300));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header(RefusalReason.HEADER)).containsExactly("NO_ASSOCIATION");
    }
    assertThat(asked).hasValue(1);
    assertThat(ingress.requests("early")).isEqualTo(2);
  }

  @Test
  void areAnsweredAtTheDeadlineThatNoBrokerIsConnected() throws IOException {
    ingress.connected = false;

    RawAnswer late = ask(ingress.port(), get(token("pod-uid")));

    assertThat(late.status()).isEqualTo(503);
    assertThat(late.json().getString("Message"))
        .startsWith("no broker is connected to this node")
        .contains("check that brokers run");
    assertThat(ingress.requests("deadline")).isEqualTo(1);
  }

  @Test
  void areAnsweredTogetherByOneFlight() throws Exception {
    String token = token("pod-uid");
    List<Future<RawAnswer>> answers = new ArrayList<>();

    try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 16; i++) {
        answers.add(clients.submit(() -> ask(ingress.port(), get(token))));
      }
      brokerAnswers(Samples.issued("pod-uid", "AKIA1", Instant.now()));
    }

    for (Future<RawAnswer> answer : answers) {
      assertThat(answer.get().json().getString("AccessKeyId")).isEqualTo("AKIA1");
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void cancelNothingWhenTheirClientHangsUp() throws IOException {
    try (RawClient hasty = new RawClient(ingress.port())) {
      hasty.send(get(token("pod-uid")));
      await().until(() -> asked.get() == 1);
    }

    brokerAnswers(Samples.issued("pod-uid", "AKIA1", Instant.now()));
    RawAnswer next = ask(ingress.port(), get(token("pod-uid")));

    assertThat(next.json().getString("AccessKeyId")).isEqualTo("AKIA1");
    assertThat(asked).hasValue(1);
  }

  @Test
  void areNotAnswered503SoonerThanAnSdkCanBear() throws IOException {
    ingress.close();
    ingress = TestIngress.start(WaitingIT::broken);

    long start = System.nanoTime();
    RawAnswer answer = ask(ingress.port(), get(token("pod-uid")));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    assertThat(ingress.requests("unavailable")).isEqualTo(1);
  }

  /** A session that is about to expire is no answer, and the flight ends at once. */
  private static CompletionStage<CredentialReply> broken(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    return CompletableFuture.completedStage(
        Samples.issued(
            "pod-uid",
            1,
            Samples.at(1),
            Samples.session("AKIA1", Instant.now(), Duration.ofSeconds(14))));
  }

  @Test
  void thatAreReadTooLateAreRefusedAtOnceAndWhatIsKnownIsAnsweredAllTheSame() throws Exception {
    ingress.close();
    ingress =
        TestIngress.start(
            (request, timeout, again) -> {
              asked.incrementAndGet();
              return CompletableFuture.completedStage(
                  Samples.issued("pod-uid", "AKIA1", Instant.now()));
            });
    assertThat(ask(ingress.port(), get(token("pod-uid"))).status()).isEqualTo(200);
    String known = token("pod-uid");
    assertThat(ask(ingress.port(), get(known)).status()).isEqualTo(200);
    stallEventLoops(Duration.ofMillis(900));
    long start = System.nanoTime();

    try (RawClient hit = new RawClient(ingress.port());
        RawClient late = new RawClient(ingress.port())) {
      hit.send(get(known));
      late.send(get(token("other-uid")));
      RawAnswer answer = late.answer();

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(800), Duration.ofMillis(1_500));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("connection")).containsExactly("close");
      assertThat(answer.json().getString("message")).contains("has read the request too late");
      assertThat(late.isEnded()).isTrue();
      assertThat(hit.answer().status()).isEqualTo(200);
    }
    assertThat(ingress.requests("late")).isEqualTo(1);
    assertThat(asked).hasValue(1);
  }

  /** Blocks all event loops for this long. */
  private void stallEventLoops(Duration time) throws InterruptedException {
    // Contexts take the loops in turn, but other code creates contexts too: two may share a loop.
    List<EventExecutor> loops = new ArrayList<>();
    ((VertxInternal) ingress.ingress.vertx()).nettyEventLoopGroup().forEach(loops::add);
    CountDownLatch stalled = new CountDownLatch(loops.size());
    for (EventExecutor loop : loops) {
      loop.execute(
          () -> {
            stalled.countDown();
            try {
              assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS))
                  .isFalse();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    stalled.await();
  }

  @Test
  void thatWereReadLateAreAnsweredAtTheirDeadlineAllTheSame() throws Exception {
    assertThat(ask(ingress.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(404);
    stallEventLoops(Duration.ofMillis(500));
    long start = System.nanoTime();

    RawAnswer answer = ask(ingress.port(), get(token("pod-uid")));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(850), Duration.ofMillis(1_300));
    assertThat(ingress.requests("deadline")).isEqualTo(1);
  }

  @Test
  void areBoundedForEachPod() throws Exception {
    ingress.close();
    ingress =
        TestIngress.start(
            this::silent,
            List.of(new HostPort("127.0.0.1", 0)),
            TestIngress.TIMES,
            new IngressLimits(64, 1, 100));
    String token = token("pod-uid");

    try (RawClient first = new RawClient(ingress.port())) {
      first.send(get(token));
      await().until(() -> asked.get() == 1);
      long start = System.nanoTime();
      RawAnswer tooMany = ask(ingress.port(), get(token));
      Duration waited = Duration.ofNanos(System.nanoTime() - start);

      assertThat(tooMany.status()).isEqualTo(503);
      assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(500));
      assertThat(ingress.requests("overloaded")).isEqualTo(1);
      brokerAnswers(Samples.issued("pod-uid", "AKIA1", Instant.now()));
      assertThat(first.answer().status()).isIn(200, 503);
    }
    assertThat(ask(ingress.port(), get(token)).status()).isEqualTo(200);
  }
}
