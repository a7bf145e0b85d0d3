package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The webhook of every broker injects a pod once one broker has acknowledged its association. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class AdmissionScenarioIT {

  private static final int CREATIONS = Scale.of(20, 200);

  private final ScenarioMesh mesh;

  AdmissionScenarioIT(ScenarioMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aPodIsInjectedByAnotherBrokerAsSoonAsItsAssociationIsAnswered() {
    try (Eks eks = new Eks(mesh);
        Webhook webhook = new Webhook(mesh)) {
      for (int i = 0; i < CREATIONS; i++) {
        assertThat(webhook.patch(mesh.mesh().broker(1), "admitted", "pod-" + i)).isEmpty();

        var unused = eks.create(mesh.mesh().broker(1 + i % 2), "admitted", "pod-" + i);

        assertThat(webhook.patch(mesh.mesh().broker(2 - i % 2), "admitted", "pod-" + i))
            .hasValueSatisfying(
                patch ->
                    assertThat(patch)
                        .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI", "pods.eks.amazonaws.com"));
      }
    }
  }

  @Test
  void anInjectionIsInTheAuditStream() {
    Instant begin = Instant.now();
    try (Eks eks = new Eks(mesh);
        Webhook webhook = new Webhook(mesh)) {
      String id = eks.create(mesh.mesh().broker(1), "admitted", "recorded").associationId();

      assertThat(webhook.patch(mesh.mesh().broker(2), "admitted", "recorded")).isPresent();

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(AuditTrail.read(mesh, begin).ofType(CredentialEvent.Type.INJECTED))
                      .filteredOn(event -> "recorded-0".equals(event.podName()))
                      .singleElement()
                      .satisfies(
                          event -> {
                            assertThat(event.associationId()).isEqualTo(id);
                            assertThat(event.member()).isEqualTo("broker-2");
                            assertThat(event.roleArn()).isEqualTo(ScenarioMesh.role("recorded"));
                          }));
    }
  }
}
