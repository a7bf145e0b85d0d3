package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionInvalidationTest {
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.owner();

  @BeforeEach
  void hold() {
    mesh.change(broker, Samples.association(1));
    mesh.store(1, "HELD", Duration.ZERO, Duration.ofHours(1));
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
  void recordsNothingWhereNoSessionIsCached() {
    mesh.store.shared.clear();

    mesh.change(broker, Samples.association(2));
    revocation("workload:shop/cart", true);
    mesh.change(broker, null);

    assertThat(mesh.events).isEmpty();
  }

  private void revocation(String subject, boolean inForce) {
    broker
        .revocations(cluster -> List.of(Samples.association(1)))
        .revoked(VirtualMesh.revocation(subject), inForce, new Position(0, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"workload:shop/cart", "role:arn:aws:iam::111122223333:role/pods/cart"})
  void dropsWhatIsRevokedAndWhatWasOpenedMeanwhileOnceThatIsLifted(String subject) {
    revocation(subject, true);
    assertThat(mesh.store.shared).isEmpty();
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.INVALIDATED);

    mesh.store(1, "LATE", Duration.ZERO, Duration.ofHours(1));
    revocation(subject, false);
    assertThat(mesh.store.shared).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"workload:shop/other", "role:arn:x", "pod:shop/cart-7", "node:node-1"})
  void keepsASharedSessionWhereOthersOrOnlySomeAreRevoked(String subject) {
    revocation(subject, true);

    assertThat(mesh.store.shared).hasSize(1);
    assertThat(mesh.events).isEmpty();
  }

  @Test
  void keepsSessionsWhenAChangeKeepsTheRevision() {
    mesh.change(broker, Samples.association(1, Samples.spec(Map.of("team", "shop"))));

    assertThat(mesh.store.shared).hasSize(1);
    assertThat(mesh.events).isEmpty();
  }
}
