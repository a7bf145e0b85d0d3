package io.claviger.broker.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.broker.identity.RequestSignatures.Header;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.config.trust.AmzDate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests signed by real clients, and by the AWS SDK's own signer. */
public final class SignedRequests {

  /** The date of {@link #signed} and {@link #preSigned}. */
  public static final Instant NOW = Instant.parse("2026-11-24T21:00:00Z");

  /** Their access key. */
  static final AccessKey KEY =
      new AccessKey("ci", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

  private static final AccessKey JAVA_KEY = new AccessKey("ci", "AKIDEXAMPLE", "s", null);

  private SignedRequests() {}

  /** A captured request, the key that signed it, and the date. */
  record Captured(SignedRequest request, AccessKey key, Instant at) {
    SignatureV4Verifier verifier() {
      return verifierAt(at, key);
    }

    @Override
    public String toString() {
      return header(request, "user-agent").substring(0, 12) + " " + request;
    }
  }

  /** The requests of {@code vectors/eks-requests.jsonl}. */
  static Stream<Captured> captured() throws IOException {
    try (InputStream file =
        SignedRequests.class.getResourceAsStream("/vectors/eks-requests.jsonl")) {
      return new String(file.readAllBytes(), UTF_8)
          .lines().toList().stream().map(SignedRequests::parse);
    }
  }

  static SignatureV4Verifier verifierAt(Instant now, AccessKey... keys) {
    AccessKeys registered = new AccessKeys(List.of(keys));
    return new SignatureV4Verifier(() -> registered, InstantSource.fixed(now));
  }

  private static Captured parse(String line) {
    JsonObject captured = new JsonObject(line);
    List<String> lines = Arrays.asList(captured.getString("raw").split("\r\n", -1));
    String[] first = lines.get(0).split(" ", -1);
    List<Header> headers =
        lines.stream()
            .skip(1)
            .map(text -> text.split(": ", 2))
            .map(h -> new Header(h[0], h[1]))
            .toList();
    SignedRequest request = request(first[0], first[1], headers, captured.getString("body"));
    boolean java = header(request, "user-agent").startsWith("aws-sdk-java");
    return new Captured(
        request, java ? JAVA_KEY : KEY, AmzDate.parse(header(request, "x-amz-date")).instant());
  }

  private static SignedRequest request(
      String method, String target, List<Header> headers, String body) {
    int question = target.indexOf('?');
    return new SignedRequest(
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        headers,
        body.getBytes(UTF_8));
  }

  static String header(SignedRequest request, String name) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst()
        .orElseThrow();
  }

  /** Signed in headers, at {@link #NOW}. */
  static SignedRequest signed(String method, String body, Consumer<SdkHttpRequest.Builder> shape) {
    return signed(method, body, shape, signing -> {});
  }

  /** Signed in the query, at {@link #NOW}. */
  static SignedRequest preSigned(
      String method, Duration expires, String body, Consumer<SdkHttpRequest.Builder> shape) {
    return signed(
        method,
        body,
        shape,
        signing ->
            signing
                .putProperty(
                    AwsV4FamilyHttpSigner.AUTH_LOCATION,
                    AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expires));
  }

  /** Signed by the SDK's own signer. */
  static SignedRequest signed(
      String method,
      String body,
      Consumer<SdkHttpRequest.Builder> shape,
      Consumer<SignRequest.Builder<AwsCredentialsIdentity>> properties) {
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(URI.create("http://127.0.0.1:18081"));
    shape.accept(unsigned);
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                signing -> {
                  signing
                      .request(unsigned.build())
                      .payload(ContentStreamProvider.fromUtf8String(body))
                      .identity(
                          AwsCredentialsIdentity.create(KEY.accessKeyId(), KEY.secretAccessKey()))
                      .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "eks")
                      .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                      .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC));
                  properties.accept(signing);
                })
            .request();
    List<Header> headers = new ArrayList<>();
    signed.forEachHeader(
        (name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
    return new SignedRequest(
        method,
        signed.encodedPath(),
        signed.encodedQueryParameters().orElse(""),
        headers,
        body.getBytes(UTF_8));
  }

  static SignedRequest withHeaders(SignedRequest request, List<Header> headers) {
    return new SignedRequest(
        request.method(), request.path(), request.query(), headers, request.body());
  }

  static SignedRequest with(SignedRequest request, String name, String value) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.add(new Header(name, value));
    return withHeaders(request, headers);
  }

  static SignedRequest without(SignedRequest request, String name) {
    return withHeaders(
        request,
        request.headers().stream()
            .filter(header -> !header.name().equalsIgnoreCase(name))
            .toList());
  }

  static SignedRequest withQuery(SignedRequest request, String query) {
    return new SignedRequest(
        request.method(), request.path(), query, request.headers(), request.body());
  }

  static SignedRequest withPath(SignedRequest request, String path) {
    return new SignedRequest(
        request.method(), path, request.query(), request.headers(), request.body());
  }

  static SignedRequest withBody(SignedRequest request, byte[] body) {
    return new SignedRequest(
        request.method(), request.path(), request.query(), request.headers(), body);
  }
}
