package io.claviger.stsfake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests signed by the AWS SDK's signer, by botocore, and by hand. */
class AuthenticationTest {

  private static final Instant NOW = Instant.parse("2026-11-24T21:00:00Z");
  private static final String BODY = "Action=GetCallerIdentity&Version=2011-06-15";

  private final KeyRing keys = new KeyRing();
  private final Authentication authentication = new Authentication(keys, InstantSource.fixed(NOW));

  AuthenticationTest() {
    keys.register(
        SigningKey.permanent(
            "AKIDEXAMPLE", "secret", Principal.user("arn:aws:iam::123456789012:user/a")));
  }

  @Test
  void knowsWhoSigned() {
    assertThat(authentication.authenticate(signed("sts", NOW, BODY)))
        .returns("AKIDEXAMPLE", SigningKey::accessKeyId);
  }

  /** Signed by botocore 1.43 with the secret "secret", for a host without port. */
  @Test
  void verifiesWhatBotocoreSigns() {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("Host", "sts.local")
            .add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .add("X-Amz-Date", "20261124T210000Z")
            .add("Authorization", BOTOCORE);
    assertThat(
            authentication.authenticate(
                new ReceivedRequest("POST", "/", "", headers, Buffer.buffer(BODY))))
        .returns("AKIDEXAMPLE", SigningKey::accessKeyId);
  }

  private static final String BOTOCORE =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/sts/aws4_request,"
          + " SignedHeaders=content-type;host;x-amz-date,"
          + " Signature=ed2b9a3f0e0537d0e27f315ffa042572e450f0802145c02d781f47a2ec39d302";

  @Test
  void refusesABodyThatWasChanged() {
    ReceivedRequest request = signed("sts", NOW, BODY);
    assertRefused(
        new ReceivedRequest(
            request.method(),
            request.path(),
            request.query(),
            request.headers(),
            Buffer.buffer(BODY.replace("GetCallerIdentity", "AssumeRole"))),
        "SignatureDoesNotMatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "X-Amz-Date", "Content-Type"})
  void refusesASignedHeaderThatWasChanged(String header) {
    ReceivedRequest request = signed("sts", NOW, BODY);
    String changed = header.equals("X-Amz-Date") ? "20261124T210001Z" : "other";
    request.headers().set(header, changed);
    assertRefused(request, "SignatureDoesNotMatch");
  }

  @Test
  void refusesAQueryStringThatWasNotSigned() {
    ReceivedRequest request = signed("sts", NOW, BODY);
    assertRefused(
        new ReceivedRequest("POST", "/", "Action=AssumeRole", request.headers(), request.body()),
        "SignatureDoesNotMatch");
  }

  @Test
  void refusesWhatWasSignedForAnotherService() {
    assertRefused(signed("eks", NOW, BODY), "SignatureDoesNotMatch");
  }

  @Test
  void acceptsClocksThatAreFiveMinutesApartAndNoMore() {
    Duration skew = Duration.ofMinutes(5);
    assertThat(authentication.authenticate(signed("sts", NOW.minus(skew), BODY))).isNotNull();
    assertThat(authentication.authenticate(signed("sts", NOW.plus(skew), BODY))).isNotNull();
    assertThatThrownBy(
            () -> authentication.authenticate(signed("sts", NOW.minus(skew).minusSeconds(1), BODY)))
        .hasMessageContaining(
            "Signature expired: 20261124T205459Z is now earlier than 20261124T205500Z"
                + " (20261124T210000Z - 5 min.)");
    assertThatThrownBy(
            () -> authentication.authenticate(signed("sts", NOW.plus(skew).plusSeconds(1), BODY)))
        .hasMessageContaining("Signature not yet current: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer x",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/sts",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/sts/aws4_request,"
            + " Signature=00",
      })
  void refusesAHeaderItCannotRead(String header) {
    ReceivedRequest request = signed("sts", NOW, BODY);
    request.headers().set("Authorization", header);
    assertRefused(request, "IncompleteSignature");
  }

  @Test
  void refusesSignaturesThatDoNotCoverTheHost() {
    ReceivedRequest request = signed("sts", NOW, BODY);
    String header = String.valueOf(request.header("Authorization"));
    request.headers().set("Authorization", header.replace("host;", ""));
    assertRefused(request, "SignatureDoesNotMatch");
  }

  private void assertRefused(ReceivedRequest request, @Nullable String code) {
    assertThatThrownBy(() -> authentication.authenticate(request))
        .asInstanceOf(type(StsRefusal.class))
        .returns(code, refusal -> refusal.error().code());
  }

  private static ReceivedRequest signed(String service, Instant at, String body) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://127.0.0.1:8080/"))
            .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .identity(AwsCredentialsIdentity.create("AKIDEXAMPLE", "secret"))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
            .request();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    signed.forEachHeader((name, values) -> headers.add(name, values));
    return new ReceivedRequest("POST", "/", "", headers, Buffer.buffer(body));
  }
}
