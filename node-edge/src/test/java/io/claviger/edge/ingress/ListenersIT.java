package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.ask;
import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.TestIngress.LIMITS;
import static io.claviger.edge.ingress.TestIngress.TIMES;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.credential.Samples;
import io.claviger.edge.credential.Upstream;
import io.claviger.schemas.bus.CredentialReply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class ListenersIT {

  private static final List<HostPort> LOOPBACK = List.of(new HostPort("127.0.0.1", 0));

  private static Upstream issuing() {
    return (request, timeout, again) ->
        CompletableFuture.completedStage(Samples.issued("pod-uid", "AKIA1", Instant.now()));
  }

  @Test
  void serveOneFamilyWhenTheOtherCannotBeBound() throws IOException {
    // RFC 3849: an address for documentation, which no machine has.
    List<HostPort> both = List.of(new HostPort("2001:db8::23", 0), new HostPort("127.0.0.1", 0));
    try (TestIngress ingress = TestIngress.start(issuing(), both, TIMES, LIMITS)) {
      int port = ingress.listeners.ports().get(1);

      assertThat(ingress.listeners.listening()).isEqualTo(1);
      assertThat(ingress.listeners.ports().getFirst()).isZero();
      assertThat(ask(port, get(token("pod-uid"))).status()).isEqualTo(200);
      assertThat(ingress.registry.get("claviger.edge.listen.failures").counter().count())
          .isEqualTo(1);
    }
  }

  @RepeatedTest(3)
  void listenBesideAnotherProcessAndTakeOverWithoutAGap() throws Exception {
    try (TestIngress old = TestIngress.start(issuing())) {
      assumeTrue(old.ingress.sharesPorts(), "no native transport here: ports cannot be shared");
      List<HostPort> same = List.of(new HostPort("127.0.0.1", old.port()));
      try (TestIngress next = TestIngress.start(issuing(), same, TIMES, LIMITS)) {
        assertThat(next.port()).isEqualTo(old.port());
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        String token = token("pod-uid");

        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
          for (int i = 0; i < 4; i++) {
            clients.execute(() -> askUntil(enough, next.port(), token, answered, failures));
          }
          await().until(() -> answered.get() > 50);
          old.stop(Duration.ofMillis(600));
          int before = answered.get();
          await().until(() -> answered.get() > before + 50);
          enough.set(true);
        }
        assertThat(failures).isEmpty();
      }
    }
  }

  @Test
  void leaveNewConnectionsToTheOneThatListenedLast() throws IOException {
    try (TestIngress old = TestIngress.start(issuing())) {
      assumeTrue(old.ingress.sharesPorts(), "no native transport here: ports cannot be shared");
      List<HostPort> same = List.of(new HostPort("127.0.0.1", old.port()));
      try (TestIngress next = TestIngress.start(issuing(), same, TIMES, LIMITS)) {
        for (int i = 0; i < 50; i++) {
          assertThat(ask(next.port(), get("x")).status()).isEqualTo(400);
        }

        assertThat(next.requests("rejected")).isEqualTo(50);
      }
      assertThat(ask(old.port(), get("x")).status()).isEqualTo(400);
      assertThat(old.requests("rejected")).isEqualTo(1);
    }
  }

  private static void askUntil(
      AtomicBoolean enough,
      int port,
      String token,
      AtomicInteger answered,
      Queue<String> failures) {
    while (!enough.get()) {
      try {
        int status = ask(port, get(token)).status();
        if (status != 200) {
          failures.add("status " + status);
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
      answered.incrementAndGet();
    }
  }

  @Test
  void answerWhatIsUnderWayBeforeTheyEnd() throws Exception {
    CompletableFuture<CredentialReply> broker = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    Upstream slow =
        (request, timeout, again) -> {
          asked.incrementAndGet();
          return broker;
        };
    try (TestIngress ingress = TestIngress.start(slow, LOOPBACK, TIMES, LIMITS);
        RawClient waiting = new RawClient(ingress.port())) {
      int port = ingress.port();
      waiting.send(get(token("pod-uid")));
      await().until(() -> asked.get() == 1);

      try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
        Future<?> stopped = thread.submit(() -> ingress.stop(Duration.ofMillis(100)));
        await()
            .untilAsserted(
                () ->
                    assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> ask(port, get("x"))));
        broker.complete(Samples.issued("pod-uid", "AKIA1", Instant.now()));
        RawAnswer answer = waiting.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Connection")).containsExactly("close");
        assertThat(waiting.isEnded()).isTrue();
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(3));
      }
    }
  }
}
