package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.broker.ingress.admission.Reviews.Review;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reviews of a real API server, and the exact patch of each. */
final class RealReviewsTest {

  static Stream<Review> reviews() {
    return Reviews.all();
  }

  private static JsonNode patch(JsonNode pod) {
    io.claviger.broker.ingress.admission.Pod read = Reviews.pod(pod);
    InjectionOptions options = InjectionOptions.of(read.metadata().annotations());
    return Reviews.asJson(
        PodPatch.of(read, Reviews.USUAL, options, options.tokenSeconds(() -> Reviews.RANDOM)));
  }

  @ParameterizedTest
  @MethodSource("reviews")
  void areAnsweredWithTheirPatch(Review review) {
    assertThat(patch(review.pod())).isEqualTo(Reviews.patch(review.name()));
  }

  @ParameterizedTest
  @MethodSource("reviews")
  void leaveAValidPodThatNeedsNothingMore(Review review) {
    JsonNode patched = Reviews.apply(patch(review.pod()), review.pod());

    Pod pod = Reviews.strict(patched);

    assertThat(pod.getMetadata().getLabels())
        .containsEntry("eks.amazonaws.com/pod-identity", "enabled");
    assertThat(patch(patched)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("reviews")
  void areReviewsOfNewPods(Review review) {
    AdmissionReview read =
        AdmissionReview.read(review.json().toString().getBytes(StandardCharsets.UTF_8));

    NewPod pod = read.request().newPod(false).orElseThrow();

    assertThat(pod.namespace()).isEqualTo(review.json().at("/request/namespace").asText());
    assertThat(pod.dryRun()).isEqualTo(review.name().equals("dry"));
  }

  @Test
  void wouldNotBeValidWithAMisspeltField() {
    ObjectNode pod = Reviews.named("plain").pod().deepCopy();
    pod.withObject("/spec").put("serviceAcountName", "cart");

    assertThatThrownBy(() -> Reviews.strict(pod)).hasMessageContaining("serviceAcountName");
  }
}
