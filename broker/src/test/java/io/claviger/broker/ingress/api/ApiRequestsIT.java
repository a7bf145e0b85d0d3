package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API's endpoint with requests that no SDK sends. */
final class ApiRequestsIT extends ApiCase {

  private RawApi raw;

  ApiRequestsIT(RunningKafka kafka) {
    super(kafka);
  }

  @BeforeAll
  void sign() {
    raw = new RawApi(member.endpoint(), ApiRig.ADMIN);
  }

  private String associations() {
    return "/clusters/" + cluster + "/pod-identity-associations";
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(code);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(UUID.fromString(answer.headers().firstValue("x-amzn-RequestId").orElseThrow()))
        .isNotNull();
    JsonObject body = new JsonObject(answer.body());
    assertThat(body.fieldNames()).containsExactlyInAnyOrder("message", "code");
    assertThat(body.getString("code")).isEqualTo(code);
  }

  private static String message(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("message");
  }

  @Test
  void refusesWhatNobodyHasSignedWhateverItAsksFor() {
    String missing = "MissingAuthenticationTokenException";
    assertRefused(raw.unsigned("GET", associations(), ""), 403, missing);
    assertRefused(raw.unsigned("POST", associations(), "{no json"), 403, missing);
    assertRefused(raw.unsigned("GET", "/nothing/here", ""), 403, missing);
    assertRefused(raw.unsigned("PUT", associations(), ""), 403, missing);
  }

  @Test
  void refusesABodyThatIsTooLong() {
    assertRefused(
        raw.signed("POST", associations(), "x".repeat(64 * 1024 + 1)),
        413,
        "RequestEntityTooLargeException");
    assertRefused(
        raw.unsigned("POST", associations(), "x".repeat(300_000)),
        413,
        "RequestEntityTooLargeException");
  }

  @Test
  void knowsNoOtherPathsAndMethods() {
    assertRefused(raw.signed("GET", "/nothing", ""), 404, "UnknownOperationException");
    assertRefused(
        raw.signed("GET", "/clusters/x/../" + cluster, ""), 404, "UnknownOperationException");
    assertRefused(raw.signed("PUT", associations(), ""), 405, "MethodNotAllowedException");
  }

  @Test
  void takesAnEncodedSlashForAPartOfTheName() {
    HttpResponse<String> answer =
        raw.signed("GET", "/clusters/a%2Fb/pod-identity-associations", "");

    assertRefused(answer, 400, "InvalidParameterException");
    assertThat(message(answer)).contains("clusterName");
  }

  @Test
  void refusesAFieldThatItDoesNotKnow() {
    HttpResponse<String> answer =
        raw.signed(
            "POST",
            associations(),
            new JsonObject()
                .put("namespace", "shop")
                .put("serviceAccount", "cart")
                .put("roleArn", ApiRig.role("shop-reader"))
                .put("narrowedTo", "nothing")
                .encode());

    assertRefused(answer, 400, "InvalidParameterException");
    assertThat(message(answer)).contains("narrowedTo");
  }

  @Test
  void takesNothingButJson() {
    assertRefused(raw.signed("POST", associations(), "{no json"), 400, "InvalidParameterException");
    assertRefused(raw.signed("POST", associations(), ""), 400, "InvalidParameterException");
    assertRefused(raw.signed("POST", associations(), "[]"), 400, "InvalidParameterException");
  }

  @Test
  void changesAnAssociationOnlyAtTheRevisionThatIsMeant() {
    String path = associations() + "/" + create("shop", "cart").associationId();
    HttpResponse<String> described = raw.signed("GET", path, "");
    String etag = described.headers().firstValue("ETag").orElseThrow();
    String update = "{\"roleArn\":\"" + ApiRig.role("shop-writer") + "\"}";
    assertThat(etag).isEqualTo("\"1\"");

    HttpResponse<String> updated = raw.signed("POST", path, update, "If-Match", etag);
    assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
    assertThat(updated.headers().firstValue("ETag")).contains("\"2\"");

    assertRefused(
        raw.signed("DELETE", path, "", "If-Match", etag), 412, "PreconditionFailedException");
    HttpResponse<String> malformed = raw.signed("DELETE", path, "", "If-Match", "2");
    assertRefused(malformed, 400, "InvalidParameterException");
    assertThat(message(malformed)).containsIgnoringCase("If-Match");
    assertThat(raw.signed("DELETE", path, "", "If-Match", "*").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesATokenOfAnotherListAndOneThatWasChanged() {
    for (int i = 0; i < 3; i++) {
      create("shop", "sa-" + i);
    }
    JsonObject first =
        new JsonObject(raw.signed("GET", associations() + "?maxResults=2", "").body());
    String token = first.getString("nextToken");

    HttpResponse<String> next = raw.signed("GET", associations() + "?nextToken=" + token, "");
    assertThat(new JsonObject(next.body()).getJsonArray("associations")).hasSize(1);
    assertThat(next.body()).contains("\"nextToken\":null");
    HttpResponse<String> filtered =
        raw.signed("GET", associations() + "?namespace=shop&nextToken=" + token, "");
    assertRefused(filtered, 400, "InvalidParameterException");
    assertThat(message(filtered)).contains("nextToken");
    assertRefused(
        raw.signed("GET", associations() + "?nextToken=x" + token, ""),
        400,
        "InvalidParameterException");
  }

  @Test
  void tellsWhoHasNoGrantInAClusterNothingOfIt() {
    RawApi nobody = new RawApi(member.endpoint(), ApiRig.NOBODY);
    String known = associations() + "/" + create("shop", "cart").associationId();

    assertRefused(nobody.signed("GET", known, ""), 403, "AccessDeniedException");
    assertRefused(nobody.signed("GET", known + "x", ""), 403, "AccessDeniedException");
    assertRefused(nobody.signed("DELETE", known + "x", ""), 403, "AccessDeniedException");
    HttpResponse<String> list = nobody.signed("GET", associations(), "");
    assertRefused(list, 403, "AccessDeniedException");
    assertThat(message(list)).contains("key/nobody", "grant");
  }

  @Test
  void servesCredentialsToSignaturesForEksAuthOnly() {
    String path = "/clusters/" + cluster + "/assume-role-for-pod-identity";
    String body = "{\"token\":\"a.b.c\"}";

    assertRefused(raw.signed("POST", path, body), 403, "InvalidSignatureException");
    // The key has no grant to fetch credentials. The grant is checked before the token.
    assertRefused(raw.signedFor("eks-auth", "POST", path, body), 400, "AccessDeniedException");
    assertRefused(
        raw.signedFor("eks-auth", "POST", path, "{\"token\":\"no token\"}"),
        400,
        "InvalidParameterException");
    assertRefused(
        raw.signedFor("eks-auth", "GET", associations(), ""), 403, "InvalidSignatureException");
  }

  @Test
  void measuresRequestsByOperationAndResult() {
    create("shop", "cart");
    raw.signed("GET", associations() + "/a-1", "");

    assertThat(count("CreatePodIdentityAssociation", "ok")).isPositive();
    assertThat(count("DescribePodIdentityAssociation", "ResourceNotFoundException")).isPositive();
    // The client may read the answer before the broker ends the request.
    await().until(() -> member.meters().get(ApiMeters.UNDER_WAY).gauge().value() == 0);
  }

  private long count(String operation, String result) {
    return member
        .meters()
        .get(ApiMeters.REQUESTS)
        .tags("operation", operation, "result", result)
        .timer()
        .count();
  }
}
