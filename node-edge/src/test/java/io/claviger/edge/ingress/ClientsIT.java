package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.lifecycle.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that are slow or open too many connections. */
final class ClientsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final TestIngress ingress =
      TestIngress.start(
          (request, timeout, again) -> new CompletableFuture<>(),
          List.of(new HostPort("127.0.0.1", 0)),
          new IngressTimes(
              Duration.ofMillis(900), Duration.ofMillis(500), TIMEOUT, Duration.ofSeconds(2)),
          new IngressLimits(16, 4, 100));

  @AfterEach
  void end() {
    ingress.close();
  }

  @Test
  void areCutOffWhenTheySendNoWholeRequest() throws IOException {
    try (RawClient slow = new RawClient(ingress.port())) {
      slow.send("GET /v1/cred");
      long start = System.nanoTime();

      assertThat(slow.isEnded()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(TIMEOUT.multipliedBy(3).dividedBy(4), TIMEOUT.multipliedBy(3));
      assertThat(ingress.cutOff()).isEqualTo(1);
    }
  }

  @Test
  void areCutOffAlsoWhenTheySendItByteByByte() throws IOException {
    try (RawClient slow = new RawClient(ingress.port())) {
      String request = get(token("pod-uid"));
      int sent = 0;
      while (sent < request.length() && ingress.cutOff() == 0) {
        slow.send(request.substring(sent, ++sent));
        int progress = sent;
        await()
            .pollDelay(Duration.ofMillis(50))
            .pollInterval(Duration.ofMillis(50))
            .until(() -> progress > 0);
      }

      assertThat(ingress.cutOff()).isEqualTo(1);
      assertThat(slow.isEnded()).isTrue();
    }
  }

  @Test
  void areNotCutOffWhileTheyWaitForTheirAnswer() throws IOException {
    try (RawClient slow = new RawClient(ingress.port())) {
      slow.send(get(token("pod-uid")));

      assertThat(slow.answer().status()).isEqualTo(503);
      assertThat(ingress.cutOff()).isZero();
    }
  }

  @Test
  void areCutOffWhenTheyOpenMoreConnectionsThanOneAddressMay() throws IOException {
    List<RawClient> many = new ArrayList<>();
    try {
      for (int i = 0; i < 9; i++) {
        many.add(new RawClient(ingress.port()));
      }

      await().atMost(TIMEOUT.dividedBy(2)).until(() -> ingress.cutOff() == 1);
      // The closed connections have released their places.
      for (RawClient client : many) {
        client.close();
      }
      await()
          .untilAsserted(
              () -> assertThat(RawClient.ask(ingress.port(), get("x")).status()).isEqualTo(400));
    } finally {
      for (RawClient client : many) {
        client.close();
      }
    }
  }
}
