package io.claviger.scenario;

import static io.claviger.scenario.ScenarioMesh.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;

/** Once one broker has acknowledged an association, all brokers have it and pods get its role. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class ReadYourWritesScenarioIT {

  private static final int CREATIONS = Scale.of(100, 1_000);

  private final ScenarioMesh mesh;

  ReadYourWritesScenarioIT(ScenarioMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void anAssociationIsFoundEverywhereAsSoonAsItIsAnswered() {
    List<Duration> credentials = new ArrayList<>();
    try (Eks eks = new Eks(mesh)) {
      for (int i = 0; i < CREATIONS; i++) {
        BrokerMember one = mesh.mesh().broker(1 + i % 2);
        BrokerMember other = mesh.mesh().broker(2 - i % 2);
        // Alternates the edges, so that the pair of creating and answering broker varies.
        EdgeMember edge = mesh.mesh().edge(1 + i / 2 % 2);
        String token = mesh.token(edge, "seen", "seen-" + i, "pod-" + i);

        PodIdentityAssociation created = eks.create(one, "seen", "seen-" + i);
        Answer answer = mesh.askUntilIssued(edge, token);
        String found =
            eks.of(other)
                .describePodIdentityAssociation(
                    request ->
                        request.clusterName(eks.cluster()).associationId(created.associationId()))
                .association()
                .roleArn();

        assertThat(answer.status()).as("credentials of %s: %s", i, answer).isEqualTo(200);
        assertThat(found).isEqualTo(created.roleArn());
        credentials.add(answer.took());
      }
    }
    credentials.sort(null);
    figure(
        "credentials right after a creation",
        CREATIONS + " of " + CREATIONS + ", longest " + credentials.getLast().toMillis() + " ms");
  }

  @Test
  void anAssociationIsDescribedByAnotherBrokerBeforeAnythingElseHasAskedForIt() {
    try (Eks eks = new Eks(mesh)) {
      for (int i = 0; i < CREATIONS; i++) {
        String id = eks.create(mesh.mesh().broker(1 + i % 2), "told", "told-" + i).associationId();

        assertThat(
                eks.of(mesh.mesh().broker(2 - i % 2))
                    .describePodIdentityAssociation(
                        request -> request.clusterName(eks.cluster()).associationId(id))
                    .association()
                    .associationId())
            .isEqualTo(id);
      }
    }
  }
}
