package io.claviger.edge.ingress;

import static io.claviger.edge.ingress.RawClient.ask;
import static io.claviger.edge.ingress.RawClient.get;
import static io.claviger.edge.ingress.TestIngress.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.Samples;
import io.claviger.edge.workload.TokenMint;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.NodeEvent;
import io.claviger.schemas.bus.RefusalReason;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The deliveries that the endpoint records. */
final class RecordedDeliveriesIT {

  private volatile CredentialReply reply = issued("pod-1");
  private final TestIngress ingress =
      TestIngress.start((request, timeout, again) -> CompletableFuture.completedStage(reply));

  @AfterEach
  void end() {
    ingress.close();
  }

  @Test
  void areOneForEachPodAndSayWhereTheSessionWasFrom() throws IOException {
    assertThat(ask(ingress.port(), get(token("pod-1"))).status()).isEqualTo(200);
    assertThat(ask(ingress.port(), get(token("pod-1"))).status()).isEqualTo(200);
    assertThat(ask(ingress.port(), get(token("pod-2"))).status()).isEqualTo(200);

    assertThat(recorded())
        .containsExactly("pod-1 got ASIA1 from broker", "pod-2 got ASIA1 from memory");
  }

  @Test
  void nameThePodThatOnlyABrokerCouldVerify() throws IOException {
    String unknown =
        new TokenMint("key-of-the-future").token(Instant.now().minusSeconds(1)).pod("x").sign();

    assertThat(ask(ingress.port(), get(unknown)).status()).isEqualTo(200);

    assertThat(recorded()).containsExactly("pod-1 got ASIA1 from broker");
  }

  @Test
  void areNoneOfWhatIsRefused() throws IOException {
    reply =
        new CredentialReply.Refused(
            RefusalReason.NO_ASSOCIATION, "none", Samples.pod("pod-1"), new Position(1, 1));

    String old = TestIngress.MINT.token(Instant.now().minusSeconds(90)).pod("pod-1").sign();
    assertThat(ask(ingress.port(), get(old)).status()).isEqualTo(404);

    assertThat(recorded()).isEmpty();
  }

  private List<String> recorded() {
    return ingress.outbox.oldest(10).stream()
        .map(NodeEvent.Delivered.class::cast)
        .map(
            event ->
                event.podUid()
                    + " got "
                    + event.accessKeyId()
                    + " from "
                    + event.servedFrom().text())
        .toList();
  }

  private static CredentialReply issued(String uid) {
    return Samples.issued(uid, "ASIA1", Instant.now());
  }
}
