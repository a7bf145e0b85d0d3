package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
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

  private final SdkHttpClient http;
  private final ApiAccess access;

  RevocationsApi(SdkHttpClient http, ApiAccess access) {
    this.http = http;
    this.access = access;
  }

  /** Withholds credentials from a subject; what is in force afterwards. */
  public Revocation revoke(RevokedSubject subject) {
    String body = JsonText.of(Map.of("kind", subject.kind().text(), "name", subject.name()));
    return revocation(call(request(SdkHttpMethod.POST), body).path("revocation"));
  }

  /** Lifts a revocation; as it was. */
  public Revocation restore(RevokedSubject subject) {
    SdkHttpRequest.Builder request =
        request(SdkHttpMethod.DELETE)
            .putRawQueryParameter("kind", subject.kind().text())
            .putRawQueryParameter("name", subject.name());
    return revocation(call(request, "").path("revocation"));
  }

  /** All that is revoked, by kind and name. */
  public List<Revocation> list() {
    return call(request(SdkHttpMethod.GET), "")
        .path("revocations")
        .valueStream()
        .map(this::revocation)
        .toList();
  }

  private SdkHttpRequest.Builder request(SdkHttpMethod method) {
    String path = "/clusters/" + access.cluster() + "/revocations";
    // Calls are rare and made once: none shall meet a connection that the broker has just given up.
    return SdkHttpRequest.builder()
        .method(method)
        .uri(URI.create(endpoint() + path))
        .putHeader("Connection", "close");
  }

  private String endpoint() {
    String text = access.endpoint().toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private JsonNode call(SdkHttpRequest.Builder request, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      request
          .putHeader("Content-Type", "application/json")
          .putHeader("Content-Length", String.valueOf(bytes.length));
    }
    ContentStreamProvider payload = () -> new ByteArrayInputStream(bytes);
    SignedRequest signed = sign(request.build(), payload);
    HttpExecuteRequest.Builder call = HttpExecuteRequest.builder().request(signed.request());
    if (bytes.length > 0) {
      call.contentStreamProvider(payload);
    }
    try {
      return answer(http.prepareRequest(call.build()).call());
    } catch (IOException e) {
      throw SdkClientException.create("the API cannot be reached at " + access.endpoint(), e);
    }
  }

  private SignedRequest sign(SdkHttpRequest request, ContentStreamProvider payload) {
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(access.credentials().resolveCredentials())
                    .request(request)
                    .payload(payload)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "eks")
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, access.region()));
  }

  private static JsonNode answer(HttpExecuteResponse response) throws IOException {
    JsonNode body;
    try (InputStream in = response.responseBody().orElseGet(RevocationsApi::nothing)) {
      body = JSON.readTree(in);
    }
    if (response.httpResponse().isSuccessful()) {
      return body;
    }
    int status = response.httpResponse().statusCode();
    throw EksException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(
                    response
                        .httpResponse()
                        .firstMatchingHeader("x-amzn-ErrorType")
                        .orElse("HTTP " + status))
                .errorMessage(body.path("message").asText())
                .build())
        .build();
  }

  private static AbortableInputStream nothing() {
    return AbortableInputStream.create(InputStream.nullInputStream());
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
