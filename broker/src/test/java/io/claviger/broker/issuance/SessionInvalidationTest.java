package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionInvalidationTest {
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.owner();

  @BeforeEach
  void hold() {
    mesh.change(broker, Samples.association(1));
    mesh.hold(1, "HELD", Duration.ZERO, Duration.ofHours(1));
    mesh.events.clear();
  }

  @Test
  void dropsSessionsOfTheOlderRevision() {
    mesh.change(broker, Samples.association(2));

    assertThat(mesh.store.shared).isEmpty();
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.INVALIDATED);
    assertThat(mesh.events.getFirst().revision()).isEqualTo(1);
    assertThat(mesh.events.getFirst().subject()).isEqualTo("c1/shop/cart");
  }

  @Test
  void dropsSessionsOfAnAssociationThatIsGone() {
    mesh.change(broker, null);

    assertThat(mesh.store.shared).isEmpty();
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.INVALIDATED);
  }

  @Test
  void keepsSessionsWhenAChangeKeepsTheRevision() {
    mesh.change(broker, Samples.association(1, Samples.spec(Map.of("team", "shop"))));

    assertThat(mesh.store.shared).hasSize(1);
    assertThat(mesh.events).isEmpty();
  }
}
