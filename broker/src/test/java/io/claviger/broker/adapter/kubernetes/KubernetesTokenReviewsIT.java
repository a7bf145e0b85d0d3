package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.TokenReviews.Review;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTokenReviewsIT {

  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String AUDIENCE = "pods.eks.amazonaws.com";
  private static final String STANDING =
      """
      {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"authenticated":true,
       "user":{"username":"system:serviceaccount:app1:web"},"audiences":["pods.eks.amazonaws.com"]}}
      """;

  private final MockedApiServer api = new MockedApiServer();
  private final KubernetesTokenReviews reviews =
      new KubernetesTokenReviews(api.vertx, api.client, "c1");

  @AfterEach
  void close() throws Exception {
    api.close();
  }

  private void answers(int status, String body) {
    api.server.expect().post().withPath(PATH).andReturn(status, body).always();
  }

  private Review review() throws Exception {
    return MockedApiServer.await(reviews.review("the.pods.token", AUDIENCE));
  }

  private static String denied(String error) {
    return new JsonObject()
        .put("apiVersion", "authentication.k8s.io/v1")
        .put("kind", "TokenReview")
        .put("status", new JsonObject().put("authenticated", false).put("error", error))
        .encode();
  }

  @Test
  void asksForTheTokenWithItsAudience() throws Exception {
    answers(201, STANDING);

    assertThat(review()).isEqualTo(new Review.Standing());
    RecordedRequest asked = api.request();
    assertThat(asked.getPath()).isEqualTo(PATH);
    JsonObject body = new JsonObject(asked.getUtf8Body());
    assertThat(body.getString("kind")).isEqualTo("TokenReview");
    assertThat(body.getJsonObject("spec"))
        .isEqualTo(
            new JsonObject("{\"token\":\"the.pods.token\",\"audiences\":[\"" + AUDIENCE + "\"]}"));
  }

  @Test
  void hearsThatThePodIsGoneAsSoonAsItIsDeleted() throws Exception {
    api.server.expect().post().withPath(PATH).andReturn(201, STANDING).once();
    assertThat(review()).isEqualTo(new Review.Standing());

    answers(
        201,
        denied("[invalid bearer token, service account token has been invalidated, pod gone]"));
    assertThat(review()).isEqualTo(new Review.Denied());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcdserver: request timed out",
        "Get \"https://10.96.0.1/api\": context deadline exceeded",
        "dial tcp 10.0.0.1:2379: connect: connection refused"
      })
  void takesTheStoragesFailureForNoAnswer(String error) throws Exception {
    answers(201, denied(error));

    assertThat(review()).isInstanceOf(Review.Away.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 500, 503})
  void takesAnErrorForNoAnswer(int status) throws Exception {
    answers(status, "{}");

    assertThat(review())
        .isInstanceOfSatisfying(
            Review.Away.class, away -> assertThat(away.message()).contains(" " + status));
  }

  @Test
  void saysWhichPermissionIsMissing() throws Exception {
    answers(403, "{}");

    assertThat(review())
        .isEqualTo(
            new Review.Away("the API server answered 403: the broker may not create tokenreviews"));
  }

  @Test
  void takesAnAnswerThatLooksAtNoAudienceForNone() throws Exception {
    answers(201, STANDING.replace("pods.eks.amazonaws.com", "https://kubernetes.default.svc"));

    assertThat(review()).isInstanceOf(Review.Away.class);
  }

  @Test
  void givesUpOnAnApiServerThatDoesNotAnswer() throws Exception {
    api.server
        .expect()
        .post()
        .delay(1, TimeUnit.MINUTES)
        .withPath(PATH)
        .andReturn(201, STANDING)
        .always();

    assertThat(review()).isInstanceOf(Review.Away.class);
  }

  @Test
  void saysThatTheApiServerIsAwayWithoutTheToken() throws Exception {
    api.goAway();

    assertThat(review())
        .isInstanceOfSatisfying(
            Review.Away.class,
            away ->
                assertThat(away.message())
                    .contains("cannot be reached")
                    .doesNotContain("pods", "CompletionException"));
  }
}
