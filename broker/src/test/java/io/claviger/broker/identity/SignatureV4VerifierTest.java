package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.SignedRequests.Captured;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Requests of unmodified clients are accepted. */
class SignatureV4VerifierTest {

  private static final String ARN = "/tags/arn%3Aaws%3Aeks%3Aeu-central-1%3A1%3Ax%2Fc1%2Fa-1";

  @ParameterizedTest
  @MethodSource("io.claviger.broker.identity.SignedRequests#captured")
  void knowsWhoSignedARequestOfARealClient(Captured captured) {
    assertSigned(captured.verifier().verify(captured.request(), "eks"), new ApiCaller("ci", null));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void knowsWhoSignedInHeaders(Consumer<SdkHttpRequest.Builder> shape) {
    assertSigned(SignedRequests.signed("GET", "", shape));
    assertSigned(SignedRequests.signed("POST", "{\"tags\":{\"ü\":\"\"}}", shape));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void knowsWhoSignedInTheQuery(Consumer<SdkHttpRequest.Builder> shape) {
    assertSigned(SignedRequests.preSigned("GET", Duration.ofMinutes(15), "", shape));
    assertSigned(SignedRequests.preSigned("POST", Duration.ofSeconds(1), "{}", shape));
  }

  private static Stream<Arguments> shapes() {
    return Map.<String, Consumer<SdkHttpRequest.Builder>>ofEntries(
            Map.entry("an empty path", r -> r.encodedPath("")),
            Map.entry("the root", r -> r.encodedPath("/")),
            Map.entry("a slash at the end", r -> r.encodedPath("/clusters/c1/")),
            Map.entry("an encoded slash", r -> r.encodedPath(ARN)),
            Map.entry("encoded oddities", r -> r.encodedPath("/clusters/a%20b%25%2B%C3%BC~_.-")),
            Map.entry("spaces", r -> r.encodedPath(ARN).putRawQueryParameter("a b", " c  d ")),
            Map.entry("plus", r -> r.encodedPath("/x").putRawQueryParameter("a+b", "c+d%2B")),
            Map.entry("unicode", r -> r.encodedPath("/x").putRawQueryParameter("ключ", "цена €")),
            Map.entry("no value", r -> r.encodedPath("/x").putRawQueryParameter("a", "")),
            Map.entry(
                "names that begin alike",
                r ->
                    r.encodedPath("/x")
                        .putRawQueryParameter("a", "2")
                        .putRawQueryParameter("a1", "1")
                        .putRawQueryParameter("a-", "0")),
            Map.entry(
                "a repeated name",
                r -> r.encodedPath(ARN).putRawQueryParameter("tagKeys", List.of("b", "a", "é"))),
            Map.entry(
                "delimiters", r -> r.encodedPath("/x").putRawQueryParameter("a=&", "=&;/?:@*")),
            Map.entry(
                "a header of many words",
                r -> r.encodedPath("/x").putHeader("X-Amz-Words", "  a   b\tc  ")))
        .entrySet()
        .stream()
        .map(shape -> Arguments.argumentSet(shape.getKey(), shape.getValue()));
  }

  @Test
  void saysWhichNodeAKeyIsBoundTo() {
    AccessKey bound =
        new AccessKey(
            "agent", SignedRequests.KEY.accessKeyId(), SignedRequests.KEY.secretAccessKey(), "n1");

    assertSigned(
        SignedRequests.verifierAt(SignedRequests.NOW, bound)
            .verify(SignedRequests.signed("GET", "", r -> r.encodedPath("/x")), "eks"),
        new ApiCaller("agent", "n1"));
  }

  @Test
  void takesTheKeysThatAreRegisteredNow() {
    AtomicReference<AccessKeys> keys =
        new AtomicReference<>(new AccessKeys(List.of(SignedRequests.KEY)));
    SignatureV4Verifier verifier =
        new SignatureV4Verifier(keys::get, InstantSource.fixed(SignedRequests.NOW));
    SignedRequest request = SignedRequests.signed("GET", "", r -> r.encodedPath("/x"));

    assertThat(verifier.verify(request, "eks")).isInstanceOf(Signed.class);
    keys.set(AccessKeys.NONE);
    assertThat(verifier.verify(request, "eks")).isNotInstanceOf(Signed.class);
  }

  @Test
  void saysWhenTheKeyOfARequestIsNotRegisteredAnyMoreAsItWas() {
    AccessKey key = SignedRequests.KEY;
    AtomicReference<AccessKeys> keys = new AtomicReference<>(new AccessKeys(List.of(key)));
    Signed signed =
        (Signed)
            new SignatureV4Verifier(keys::get, InstantSource.fixed(SignedRequests.NOW))
                .verify(SignedRequests.signed("GET", "", r -> r.encodedPath("/x")), "eks");
    assertThat(signed.keyStands().getAsBoolean()).isTrue();

    keys.set(
        new AccessKeys(
            List.of(new AccessKey(key.name(), key.accessKeyId(), "another-secret", null))));
    assertThat(signed.keyStands().getAsBoolean()).isFalse();
    keys.set(AccessKeys.NONE);
    assertThat(signed.keyStands().getAsBoolean()).isFalse();
  }

  private static void assertSigned(SignedRequest request) {
    assertSigned(
        SignedRequests.verifierAt(SignedRequests.NOW, SignedRequests.KEY).verify(request, "eks"),
        new ApiCaller("ci", null));
  }

  private static void assertSigned(RequestSignatures.Result verification, ApiCaller caller) {
    assertThat(verification)
        .isInstanceOfSatisfying(
            Signed.class, signed -> assertThat(signed.caller()).isEqualTo(caller));
  }
}
