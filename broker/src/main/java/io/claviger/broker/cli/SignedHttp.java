package io.claviger.broker.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Calls of the API that AWS's SDK does not know: signed as its own are, with Signature Version 4
 * for the service {@code eks}. Calls block.
 */
final class SignedHttp {

  private static final Duration CONNECTING = Duration.ofSeconds(5);

  /** To the head of the answer; a body may go on for as long as it likes. */
  private static final Duration ANSWERING = Duration.ofSeconds(15);

  private static final String SERVICE = "eks";

  /** Set by the client itself. */
  private static final List<String> OWN_HEADERS = List.of("host", "content-length");

  private final ApiAccess access;
  private final HttpClient http;

  /**
   * A client; nothing is sent yet.
   *
   * @throws IllegalArgumentException when the CA bundle cannot be used
   */
  SignedHttp(ApiAccess access) {
    this.access = access;
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECTING);
    access.caBundle().map(SignedHttp::trusting).ifPresent(client::sslContext);
    http = (access.isThisMachine() ? client.proxy(HttpClient.Builder.NO_PROXY) : client).build();
  }

  /**
   * Sends a request.
   *
   * @param path percent-encoded, with the query
   * @param body may be empty
   * @throws IOException when it cannot be reached
   * @throws InterruptedException when the thread is
   */
  HttpResponse<InputStream> send(
      String method, String path, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create(access.endpoint().toString().replaceFirst("/$", "") + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWERING)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    signed(SdkHttpMethod.fromValue(method), uri, headers, body)
        .forEachHeader(
            (name, values) -> {
              if (OWN_HEADERS.stream().noneMatch(name::equalsIgnoreCase)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private SdkHttpRequest signed(
      SdkHttpMethod method, URI uri, Map<String, String> headers, String body) {
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(uri);
    headers.forEach(request::putHeader);
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(access.credentials().resolveCredentials())
                    .request(request.build())
                    .payload(ContentStreamProvider.fromString(body, StandardCharsets.UTF_8))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, access.region()))
        .request();
  }

  private static SSLContext trusting(Path caBundle) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, CaBundle.read(caBundle).trustManagers(), new SecureRandom());
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificates cannot be used: " + caBundle, e);
    }
  }
}
