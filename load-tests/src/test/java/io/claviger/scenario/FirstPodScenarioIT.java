package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pod that sends a request before its association exists: one apply creates both. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class FirstPodScenarioIT {

  private static final Duration LATER = Duration.ofSeconds(2);

  private final ScenarioMesh mesh;

  FirstPodScenarioIT(ScenarioMesh mesh) {
    this.mesh = mesh;
  }

  private CompletableFuture<Void> associatedLater(String serviceAccount) {
    Executor later = CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(
        () -> mesh.associate("first", serviceAccount, "first-" + serviceAccount, Map.of()), later);
  }

  private Fetch fetchedWhileAssociated(FetchingClient sdk, String serviceAccount)
      throws InterruptedException {
    PodEnvironment pod =
        mesh.pod(mesh.mesh().edge(1), "first", serviceAccount, serviceAccount + "-0");
    CompletableFuture<Void> associated = associatedLater(serviceAccount);
    Fetch fetched = sdk.fetch(pod);
    associated.join();
    return fetched;
  }

  @Test
  void hasCredentialsAtTheFirstCallOfJavasSdk() throws InterruptedException {
    Fetch fetched = fetchedWhileAssociated(new SdkClient(), "java");

    assertThat(fetched)
        .isInstanceOfSatisfying(
            Fetch.Got.class, got -> assertThat(got.took()).isGreaterThan(Duration.ofSeconds(1)));
  }

  @Test
  void hasCredentialsAtTheFirstCallOfBotocore(@TempDir Path directory) throws InterruptedException {
    Optional<BotocoreClient> botocore = BotocoreClient.start(directory);
    assumeThat(botocore).as("python3 with botocore").isPresent();
    try (BotocoreClient sdk = botocore.orElseThrow()) {
      assertThat(fetchedWhileAssociated(sdk, "botocore")).isInstanceOf(Fetch.Got.class);
    }
  }

  @Test
  void isAnsweredAsSoonAsItsAssociationIsThere() {
    EdgeMember edge = mesh.mesh().edge(1);
    String token = mesh.token(edge, "first", "soon", "soon-0");
    // From this answer on, the edge receives changes of the association.
    assertThat(mesh.ask(edge, token).status()).isEqualTo(503);
    CompletableFuture<ScenarioMesh.Answer> asked =
        CompletableFuture.supplyAsync(() -> mesh.askUntilIssued(edge, token));

    mesh.associate("first", "soon", "first-soon", Map.of());

    assertThat(asked.join().status()).isEqualTo(200);
  }

  @Test
  void thatHasRunForAMinuteIsAnsweredThatThereIsNone() {
    EdgeMember edge = mesh.mesh().edge(1);
    TokenRequest old = TokenRequest.ofPod("first", "nobody", "old-0", edge.node());

    assertThat(mesh.ask(edge, mesh.mesh().token(old.withAge(Duration.ofSeconds(90)))).status())
        .isEqualTo(404);
  }
}
