package io.claviger.broker.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * HTTP calls of the API's extensions, which AWS's SDK lacks. They are signed with Signature Version
 * 4 for the service {@code eks}. Calls block and are not retried. Each call has its own connection,
 * so it never reuses one that the broker has just closed.
 */
final class SignedHttp implements AutoCloseable {

  private static final String SERVICE = "eks";

  private final ApiAccess access;
  private final SdkHttpClient http;

  /**
   * An HTTP response.
   *
   * @param head status and headers
   * @param body the body, which the caller closes; a watch has no end
   */
  record Answer(SdkHttpResponse head, InputStream body) {}

  SignedHttp(ApiAccess access, SdkHttpClient http) {
    this.access = access;
    this.http = http;
  }

  /**
   * Sends a request and returns when the head of the response has arrived.
   *
   * @param path percent-encoded, with the query
   * @param body JSON; may be empty
   * @throws IOException when the API cannot be reached
   */
  Answer send(SdkHttpMethod method, String path, Map<String, String> headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(method)
            .uri(URI.create(access.endpoint().toString().replaceFirst("/$", "") + path))
            .putHeader("Connection", "close");
    headers.forEach(request::putHeader);
    ContentStreamProvider payload = () -> new ByteArrayInputStream(bytes);
    HttpExecuteRequest.Builder call = HttpExecuteRequest.builder();
    if (bytes.length > 0) {
      request
          .putHeader("Content-Type", "application/json")
          .putHeader("Content-Length", String.valueOf(bytes.length));
      call.contentStreamProvider(payload);
    }
    call.request(signed(request.build(), payload));
    HttpExecuteResponse answer = http.prepareRequest(call.build()).call();
    Optional<AbortableInputStream> content = answer.responseBody();
    return new Answer(
        answer.httpResponse(), content.isPresent() ? content.get() : InputStream.nullInputStream());
  }

  private SdkHttpRequest signed(SdkHttpRequest request, ContentStreamProvider payload) {
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(access.credentials().resolveCredentials())
                    .request(request)
                    .payload(payload)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, access.region()))
        .request();
  }

  @Override
  public void close() {
    http.close();
  }
}
