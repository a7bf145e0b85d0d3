package io.claviger.broker.ingress.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.claviger.broker.ingress.admission.AdmissionDecision.Injected;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Reviews from an untrusted client of the webhook's port, with untrusted pods. */
final class AdmissionReviewFuzzTest {

  private static final PodAdmission ADMISSION =
      new PodAdmission(
          Reviews.USUAL,
          new PodAdmission.Ports(
              new FakeTable(),
              (namespace, name) -> CompletableFuture.completedFuture(Answer.DECLARED),
              (namespace, name) -> CompletableFuture.completedFuture(ServiceAccountMetadata.NONE),
              event -> assertThat(SchemaJson.writeBytes(event)).isNotEmpty(),
              key -> {}),
          "broker-1",
          () -> Instant.EPOCH,
          () -> Reviews.RANDOM);

  static Stream<byte[]> reviews() {
    return Reviews.all().map(review -> review.json().toString().getBytes(UTF_8));
  }

  @MethodSource("reviews")
  @FuzzTest
  void areDecidedOrMalformed(byte[] input) {
    AdmissionReview review;
    Optional<NewPod> pod;
    try {
      review = AdmissionReview.read(input);
      pod = review.request().newPod(false);
    } catch (MalformedRecordException e) {
      return;
    }
    if (pod.isEmpty()) {
      return;
    }
    AdmissionDecision decision = ADMISSION.decide(pod.get()).toCompletableFuture().join();
    if (decision instanceof Injected(var patch)) {
      JsonNode before = Reviews.json(SchemaJson.write(review)).at("/request/object");
      Pod after = Reviews.pod(Reviews.apply(Reviews.asJson(patch), before));
      assertThat(after.spec().account()).isEqualTo(pod.get().pod().spec().account());
    }
  }
}
