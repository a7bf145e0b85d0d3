package io.claviger.broker.cli;

import static software.amazon.awssdk.utils.http.SdkHttpUtils.urlEncode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.eks.model.EksException;

/**
 * One cluster's revocations: an extension of the brokers' API that no client of AWS's has. Calls
 * block, are made once, and fail with the SDK's {@link
 * software.amazon.awssdk.core.exception.SdkException}. Revoking what is revoked already changes
 * nothing, so it can be asked again.
 */
public final class RevocationsApi implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MILLIS = 3;
  private static final int OK = 200;

  private final SignedHttp http;
  private final ApiAccess access;

  RevocationsApi(SignedHttp http, ApiAccess access) {
    this.http = http;
    this.access = access;
  }

  /** Withholds credentials from a subject; what is in force afterwards. */
  public Revocation revoke(RevokedSubject subject) {
    String body = JsonText.of(Map.of("kind", subject.kind().text(), "name", subject.name()));
    return revocation(call("POST", "", body).path("revocation"));
  }

  /** Lifts a revocation; as it was. */
  public Revocation restore(RevokedSubject subject) {
    String query = "?kind=" + subject.kind().text() + "&name=" + urlEncode(subject.name());
    return revocation(call("DELETE", query, "").path("revocation"));
  }

  /** All that is revoked, by kind and name. */
  public List<Revocation> list() {
    return call("GET", "", "").path("revocations").valueStream().map(this::revocation).toList();
  }

  private JsonNode call(String method, String query, String body) {
    String path = "/clusters/" + access.cluster() + "/revocations" + query;
    Map<String, String> headers =
        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/json");
    try {
      return answer(http.send(method, path, headers, body));
    } catch (IOException e) {
      throw SdkClientException.create("the API cannot be reached at " + access.endpoint(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SdkClientException.create("interrupted", e);
    }
  }

  private static JsonNode answer(HttpResponse<InputStream> response) throws IOException {
    JsonNode body;
    try (InputStream in = response.body()) {
      body = JSON.readTree(in);
    }
    int status = response.statusCode();
    if (status == OK) {
      return body;
    }
    throw EksException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(
                    response.headers().firstValue("x-amzn-ErrorType").orElse("HTTP " + status))
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
