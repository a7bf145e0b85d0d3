package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TestClock;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityRefusalsTest {

  private final TestClock clock = new TestClock(BridgeFixture.NOW);
  private final List<CredentialEvent> events = new ArrayList<>();
  private final IdentityRefusals refusals =
      new IdentityRefusals(events::add, "broker-1", clock, clock);

  @Test
  void recordsWhichNodeAskedAndWhyItWasRefused() {
    refuse("node-1", RefusalReason.WRONG_NODE);

    assertThat(events).hasSize(1);
    CredentialEvent event = events.getFirst();
    assertThat(event.type()).isEqualTo(CredentialEvent.Type.REFUSED);
    assertThat(event.cluster()).isEqualTo("c1");
    assertThat(event.node()).isEqualTo("node-1");
    assertThat(event.reason()).isEqualTo("WRONG_NODE");
    assertThat(event.time()).isEqualTo(BridgeFixture.NOW);
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

  private void refuse(String node, RefusalReason reason) {
    refusals.refused(new Caller("c1", node), new TokenVerification.Rejected(reason, "why"));
  }
}
