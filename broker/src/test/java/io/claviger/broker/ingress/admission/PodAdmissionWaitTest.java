package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.identity.ServiceAccountMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The calls that a pod's creation waits for. */
final class PodAdmissionWaitTest {

  private final List<String> asked = new ArrayList<>();
  private final CompletableFuture<ServiceAccountMetadata> account = new CompletableFuture<>();
  private final CompletableFuture<Answer> declared = new CompletableFuture<>();
  private final PodAdmission admission =
      new PodAdmission(
          Reviews.USUAL,
          new PodAdmission.Ports(
              new FakeTable(),
              (namespace, name) -> {
                asked.add("objects of " + namespace);
                return declared;
              },
              (namespace, name) -> {
                asked.add("account " + namespace + "/" + name);
                return account;
              },
              event -> {},
              key -> {}),
          "broker-1",
          () -> Instant.EPOCH,
          () -> Reviews.RANDOM);

  private static NewPod unassociated() {
    byte[] review = Reviews.named("host-net").json().toString().getBytes(StandardCharsets.UTF_8);
    return AdmissionReview.read(review).request().newPod(false).orElseThrow();
  }

  @Test
  void isAskedForServiceAccountAndObjectsAtOnce() {
    NewPod pod = unassociated();
    CompletableFuture<AdmissionDecision> decision = admission.decide(pod).toCompletableFuture();

    assertThat(asked)
        .containsExactlyInAnyOrder(
            "objects of " + pod.namespace(),
            "account " + pod.namespace() + "/" + pod.pod().spec().account());
    account.complete(ServiceAccountMetadata.NONE);
    assertThat(decision).isNotDone();
    declared.complete(Answer.DECLARED);
    assertThat(decision).isCompletedWithValueMatching(AdmissionDecision.Injected.class::isInstance);
  }

  @Test
  void isAskedOnceForTheServiceAccountOfAPodThatIsDeclared() {
    CompletableFuture<AdmissionDecision> decision =
        admission.decide(unassociated()).toCompletableFuture();
    declared.complete(Answer.DECLARED);
    account.complete(ServiceAccountMetadata.NONE);

    assertThat(decision).isCompletedWithValueMatching(AdmissionDecision.Injected.class::isInstance);
    assertThat(asked).filteredOn(one -> one.startsWith("account")).hasSize(1);
  }

  @Test
  void isAskedTwiceBeforeTheFirstPodWhateverItSays() {
    CompletableFuture<?> prepared = admission.prepare().toCompletableFuture();
    assertThat(asked).containsExactlyInAnyOrder("objects of default", "account default/default");
    assertThat(prepared).isNotDone();

    account.complete(ServiceAccountMetadata.NONE);
    declared.complete(Answer.UNKNOWN);

    assertThat(prepared).isCompleted();
    assertThat(asked).hasSize(4);
  }
}
