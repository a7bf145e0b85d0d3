package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AuditedTokenVerifierTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final TestClock clock = new TestClock(NOW);
  private final List<CredentialEvent> events = new ArrayList<>();
  private TokenVerification verification = new TokenVerification.UnknownKey("key-9");
  private final AuditedTokenVerifier verifier =
      new AuditedTokenVerifier(
          (token, caller, priority) -> CompletableFuture.completedStage(verification),
          events::add,
          "broker-1",
          clock,
          clock);

  @Test
  void recordsWhichNodeAskedAndWhyItWasRefused() {
    refuse("node-1", RefusalReason.WRONG_NODE);

    assertThat(events).hasSize(1);
    CredentialEvent event = events.getFirst();
    assertThat(event.type()).isEqualTo(CredentialEvent.Type.REFUSED);
    assertThat(event.cluster()).isEqualTo("c1");
    assertThat(event.node()).isEqualTo("node-1");
    assertThat(event.reason()).isEqualTo("WRONG_NODE");
    assertThat(event.time()).isEqualTo(NOW);
  }

  @Test
  void recordsOneEventASecondForTheSameNodeAndReason() {
    for (int number = 0; number < 1_000; number++) {
      refuse("node-1", RefusalReason.WRONG_NODE);
    }
    assertThat(events).hasSize(1);

    refuse("node-1", RefusalReason.INVALID_TOKEN);
    refuse("node-2", RefusalReason.WRONG_NODE);
    assertThat(events).hasSize(3);

    clock.advance(Duration.ofSeconds(1));
    refuse("node-1", RefusalReason.WRONG_NODE);
    assertThat(events).hasSize(4);
  }

  @Test
  void recordsNothingOfATokenThatIsNotRejected() {
    assertThat(verify("node-1")).isEqualTo(verification);

    assertThat(events).isEmpty();
  }

  private void refuse(String node, RefusalReason reason) {
    verification = new TokenVerification.Rejected(reason, "why");
    assertThat(verify(node)).isEqualTo(verification);
  }

  private TokenVerification verify(String node) {
    return verifier
        .verify("a.b.c", new Caller("c1", node), RequestPriority.FIRST)
        .toCompletableFuture()
        .join();
  }
}
