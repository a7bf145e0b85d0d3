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
 * Calls of the API that AWS's SDK does not know: signed as its own are, with Signature Version 4
 * for the service {@code eks}. Calls block and are made once, each on a connection of its own: none
 * meets one that the broker has just given up.
 */
final class SignedHttp implements AutoCloseable {

  private static final String SERVICE = "eks";

  private final ApiAccess access;
  private final SdkHttpClient http;

  /**
   * What came back.
   *
   * @param head status and headers
   * @param body close it; may be empty, and may go on for as long as the server likes
   */
  record Answer(SdkHttpResponse head, InputStream body) {}

  SignedHttp(ApiAccess access, SdkHttpClient http) {
    this.access = access;
    this.http = http;
  }

  /**
   * Sends a request and answers when the head of the answer has come.
   *
   * @param path percent-encoded, with the query
   * @param body JSON; may be empty
   * @throws IOException when it cannot be reached
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
