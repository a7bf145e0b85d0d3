package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdmissionReviewTest {

  private static AdmissionReview read(JsonNode review) {
    return AdmissionReview.read(review.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode plain(Consumer<ObjectNode> change) {
    ObjectNode review = Reviews.named("plain").json().deepCopy();
    change.accept(review);
    return review;
  }

  private static JsonNode request(Consumer<ObjectNode> change) {
    return plain(review -> change.accept(review.withObject("/request")));
  }

  static Stream<JsonNode> others() {
    return Stream.of(
        request(request -> request.put("operation", "UPDATE")),
        request(request -> request.put("operation", "DELETE").putNull("object")),
        request(request -> request.put("subResource", "ephemeralcontainers")),
        request(request -> request.withObject("/kind").put("kind", "Binding")),
        request(
            request -> {
              request.withObject("/kind").put("group", "apps").put("kind", "Deployment");
              request.withObject("/resource").put("group", "apps").put("resource", "deployments");
              request.withObject("/object").put("spec", "of another type");
            }));
  }

  @ParameterizedTest
  @MethodSource("others")
  void isAboutNoNewPodWhereItIsAboutSomethingElse(JsonNode review) {
    assertThat(read(review).request().newPod(false)).isEmpty();
  }

  static Stream<JsonNode> malformed() {
    return Stream.of(
        plain(review -> review.put("apiVersion", "admission.k8s.io/v1beta1")),
        plain(review -> review.put("kind", "Review")),
        plain(review -> review.remove("request")),
        request(request -> request.remove("uid")),
        request(request -> request.remove("kind")),
        request(request -> request.remove("object")),
        request(request -> request.put("object", "a pod")),
        request(request -> request.withObject("/object").put("spec", "of another type")),
        request(request -> request.withObject("/object/spec").put("containers", "one")),
        request(request -> request.withObject("/object/spec").putArray("containers").addNull()));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void isRefusedWhereItCannotBeUnderstood(JsonNode review) {
    assertThatThrownBy(() -> read(review).request().newPod(false))
        .isInstanceOf(MalformedRecordException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "\"x\""})
  void isRefusedWhereItIsNone(String text) {
    assertThatThrownBy(() -> AdmissionReview.read(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedRecordException.class);
  }

  @Test
  void saysTheNamespaceWhereThePodDoesNot() {
    JsonNode review =
        request(request -> request.withObject("/object/metadata").remove("namespace"));

    assertThat(read(review).request().newPod(false)).map(NewPod::namespace).contains("shop");
  }

  @Test
  void isAnsweredWithItsUidAndVersion() {
    AdmissionReview review = read(Reviews.named("plain").json());

    assertThat(Reviews.json(SchemaJson.write(AdmissionAnswer.to(review, List.of()))))
        .isEqualTo(
            Reviews.json(
                """
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                 "response": {"uid": "db3b6f27-d45b-44a6-b310-b333ddec10fc", "allowed": true}}
                """));
    assertThat(AdmissionAnswer.to(review, List.of(PatchOperation.add("/a", "b"))).response())
        .isEqualTo(
            new AdmissionAnswer.Response(
                "db3b6f27-d45b-44a6-b310-b333ddec10fc",
                true,
                "JSONPatch",
                "W3sib3AiOiJhZGQiLCJwYXRoIjoiL2EiLCJ2YWx1ZSI6ImIifV0="));
  }
}
