package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Client of the API's extensions to EKS: a cluster's revocations, and its binding to a Kubernetes
 * cluster. Calls block and are not retried. If a call fails, it throws the SDK's {@link
 * software.amazon.awssdk.core.exception.SdkException}. Revoking a revoked subject again changes
 * nothing, so the caller may retry.
 */
public final class ExtensionsApi implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MILLIS = 3;
  private static final String REVOCATIONS = "/revocations";

  private final SignedHttp http;
  private final ApiAccess access;

  ExtensionsApi(SignedHttp http, ApiAccess access) {
    this.http = http;
    this.access = access;
  }

  /** Revokes a subject and returns the revocation in force. */
  public Revocation revoke(RevokedSubject subject) {
    String body = JsonText.of(Map.of("kind", subject.kind().text(), "name", subject.name()));
    return revocation(call(SdkHttpMethod.POST, REVOCATIONS, body).path("revocation"));
  }

  /** Lifts a revocation and returns it. */
  public Revocation restore(RevokedSubject subject) {
    String query = "?kind=" + encoded(subject.kind().text()) + "&name=" + encoded(subject.name());
    return revocation(call(SdkHttpMethod.DELETE, REVOCATIONS + query, "").path("revocation"));
  }

  /** Lists all revocations, by kind and name. */
  public List<Revocation> list() {
    return call(SdkHttpMethod.GET, REVOCATIONS, "")
        .path("revocations")
        .valueStream()
        .map(this::revocation)
        .toList();
  }

  /**
   * Binds the associations to a Kubernetes cluster, replacing an earlier binding.
   *
   * @param uid the uid of the cluster's namespace {@code kube-system}
   * @return the uid in the log
   */
  public String bind(String uid) {
    return call(SdkHttpMethod.PUT, "/uid", JsonText.of(Map.of("uid", uid))).path("uid").asText();
  }

  private JsonNode call(SdkHttpMethod method, String what, String body) {
    String path = "/clusters/" + encoded(access.cluster()) + what;
    try {
      return answer(http.send(method, path, Map.of(), body));
    } catch (IOException e) {
      throw SdkClientException.create("the API cannot be reached at " + access.endpoint(), e);
    }
  }

  private static String encoded(String text) {
    return SdkHttpUtils.urlEncode(text);
  }

  private static JsonNode answer(SignedHttp.Answer answer) throws IOException {
    JsonNode body;
    try (InputStream in = answer.body()) {
      body = JSON.readTree(in);
    }
    if (answer.head().isSuccessful()) {
      return body;
    }
    int status = answer.head().statusCode();
    throw EksException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(
                    answer.head().firstMatchingHeader("x-amzn-ErrorType").orElse("HTTP " + status))
                .errorMessage(body.path("message").asText())
                .build())
        .build();
  }

  private Revocation revocation(JsonNode json) {
    BigDecimal since = json.path("since").decimalValue();
    return new Revocation(
        access.cluster(),
        RevokedSubject.parse(json.path("kind").asText() + ":" + json.path("name").asText()),
        Instant.ofEpochMilli(since.movePointRight(MILLIS).longValue()),
        json.path("actor").asText());
  }

  @Override
  public void close() {
    http.close();
  }
}
