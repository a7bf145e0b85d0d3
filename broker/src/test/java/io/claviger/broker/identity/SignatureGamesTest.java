package io.claviger.broker.identity;

import static io.claviger.broker.identity.SignedRequests.KEY;
import static io.claviger.broker.identity.SignedRequests.NOW;
import static io.claviger.broker.identity.SignedRequests.header;
import static io.claviger.broker.identity.SignedRequests.with;
import static io.claviger.broker.identity.SignedRequests.withBody;
import static io.claviger.broker.identity.SignedRequests.withPath;
import static io.claviger.broker.identity.SignedRequests.withQuery;
import static io.claviger.broker.identity.SignedRequests.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.RequestSignatures.Unsigned;
import io.claviger.config.trust.AmzDate;
import io.claviger.config.trust.CanonicalRequest;
import io.claviger.config.trust.CredentialScope;
import io.claviger.config.trust.Sha256;
import io.claviger.config.trust.SignatureV4;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are rejected although their signatures are valid or nearly valid. */
class SignatureGamesTest {

  private static final String INCOMPLETE = "IncompleteSignatureException";
  private static final String INVALID = "InvalidSignatureException";
  private static final String UNRECOGNIZED = "UnrecognizedClientException";
  private static final String BODY = "{\"a\":1}";

  private final SignatureV4Verifier verifier = SignedRequests.verifierAt(NOW, KEY);

  @ParameterizedTest
  @MethodSource({"inHeaders", "byHand"})
  void refuses(SignedRequest request, String code, String message) {
    assertThat(verifier.verify(request, "eks"))
        .isInstanceOfSatisfying(
            Unsigned.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.message()).contains(message).doesNotContain(KEY.secretAccessKey());
            });
  }

  private static Stream<Arguments> inHeaders() {
    SignedRequest request = signed();
    String authorization = header(request, "authorization");
    return Stream.of(
        argumentSet(
            "no signature",
            without(request, "authorization"),
            "MissingAuthenticationTokenException",
            "missing Authentication Token"),
        argumentSet(
            "another scheme",
            authorized("Bearer eyJhbGciOi"),
            INCOMPLETE,
            "algorithm AWS4-HMAC-SHA256"),
        argumentSet(
            "another algorithm",
            authorized(authorization.replace("AWS4-HMAC", "AWS4-ECDSA-P256")),
            INCOMPLETE,
            "algorithm"),
        argumentSet(
            "an empty Authorization", authorized(" "), INCOMPLETE, "Authorization is missing"),
        argumentSet(
            "no signature in it",
            authorized(authorization.replaceAll(", Signature=.*", "")),
            INCOMPLETE,
            "requires 'Signature' parameter"),
        argumentSet(
            "a parameter twice",
            authorized(authorization + ", Signature=0"),
            INCOMPLETE,
            "a parameter twice"),
        argumentSet(
            "a short Credential",
            authorized(authorization.replace("/aws4_request", "")),
            INCOMPLETE,
            "exactly 5 slash-delimited elements"),
        argumentSet(
            "a header named twice",
            authorized(authorization.replace("host;", "host;host;")),
            INCOMPLETE,
            "each header once"),
        argumentSet(
            "two Authorization headers",
            with(request, "authorization", authorization),
            INCOMPLETE,
            "Authorization is there twice"),
        argumentSet(
            "header and query",
            withQuery(request, "X-Amz-Signature=0"),
            INCOMPLETE,
            "this one has both"),
        argumentSet(
            "header and query in lower case",
            withQuery(request, "a=b&x-amz-date=0"),
            INCOMPLETE,
            "this one has both"),
        argumentSet(
            "X-Amz-Date twice",
            with(request, "x-amz-date", header(request, "x-amz-date")),
            INCOMPLETE,
            "X-Amz-Date is there twice"),
        argumentSet(
            "no X-Amz-Date", without(request, "x-amz-date"), INCOMPLETE, "X-Amz-Date is missing"),
        argumentSet(
            "a date that no calendar has",
            with(without(request, "x-amz-date"), "X-Amz-Date", "20260230T000000Z"),
            INCOMPLETE,
            "ISO-8601"),
        argumentSet(
            "an unknown key",
            authorized(authorization.replace("AKIDEXAMPLE", "AKIDOTHER")),
            UNRECOGNIZED,
            "not registered"),
        argumentSet(
            "another service",
            authorized(authorization.replace("/eks/", "/sts/")),
            INVALID,
            "'eks'"),
        argumentSet(
            "no Region",
            authorized(authorization.replace("/eu-central-1/", "//")),
            INVALID,
            "valid region"),
        argumentSet(
            "another day in the scope",
            authorized(authorization.replace("/20261124/", "/20261123/")),
            INVALID,
            "Date in Credential scope"),
        argumentSet(
            "half a day in the scope",
            authorized(authorization.replace("/20261124/", "/202611/")),
            INVALID,
            "Date in Credential scope"),
        argumentSet(
            "a Region that was not signed",
            authorized(authorization.replace("eu-central-1", "eu-central-2")),
            INVALID,
            "does not match the signature"),
        argumentSet(
            "host not signed",
            authorized(authorization.replace("host;", "")),
            INVALID,
            "'host' must be a 'SignedHeader'"),
        argumentSet(
            "x-amz-date not signed",
            authorized(authorization.replace(";x-amz-date", "")),
            INVALID,
            "'x-amz-date' must be a 'SignedHeader'"),
        argumentSet(
            "X-Amz-Target not signed",
            with(request, "X-Amz-Target", "x"),
            INVALID,
            "'x-amz-target' must be"),
        argumentSet(
            "If-Match not signed", with(request, "If-Match", "1"), INVALID, "'if-match' must be"),
        argumentSet(
            "Last-Event-ID not signed",
            with(request, "Last-Event-ID", "1"),
            INVALID,
            "'last-event-id' must be"),
        argumentSet(
            "Content-Type not signed",
            with(signed("GET", ""), "Content-Type", "text/plain"),
            INVALID,
            "'content-type' must be"),
        argumentSet(
            "a signed header twice",
            with(request, "CONTENT-TYPE", "text/plain"),
            INVALID,
            "'content-type' is a 'SignedHeader' and is there twice"),
        argumentSet(
            "a signed header taken away",
            without(request, "content-type"),
            INVALID,
            "'content-type' is a 'SignedHeader' and is not there"),
        argumentSet(
            "another body", withBody(request, new byte[] {1}), INVALID, "SHA-256 of the body"),
        argumentSet(
            "a body that is not signed",
            with(
                without(request, "x-amz-content-sha256"),
                "x-amz-content-sha256",
                "UNSIGNED-PAYLOAD"),
            INVALID,
            "SHA-256 of the body"),
        argumentSet(
            "absolute form",
            withPath(request, "http://127.0.0.1:18081/clusters/c1"),
            INVALID,
            "begins with '/'"),
        argumentSet("asterisk form", withPath(request, "*"), INVALID, "begins with '/'"),
        argumentSet("no path", withPath(request, ""), INVALID, "does not match the signature"),
        argumentSet(
            "a path that only a proxy simplifies",
            withPath(request, "/x/../clusters/c1"),
            INVALID,
            "does not match the signature"));
  }

  /** Correct in every byte, but still to be rejected. */
  private static Stream<Arguments> byHand() {
    String empty = Sha256.hex(new byte[0]);
    return Stream.of(
        argumentSet(
            "a signed session token",
            byHand("x-amz-security-token", "t", empty),
            UNRECOGNIZED,
            "no session token"),
        argumentSet(
            "an unsigned payload",
            byHand("x-amz-content-sha256", "UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"),
            INVALID,
            "SHA-256 of the body"),
        argumentSet(
            "a streaming payload",
            byHand(
                "x-amz-content-sha256",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            INVALID,
            "SHA-256 of the body"));
  }

  @Test
  void acceptsWhatByHandSignsOtherwise() {
    assertThat(verifier.verify(byHand("x-amz-x", "y", Sha256.hex(new byte[0])), "eks"))
        .isInstanceOf(Signed.class);
  }

  @Test
  void refusesASignatureForAnotherOfItsServices() {
    assertThat(verifier.verify(signed(), "eks")).isInstanceOf(Signed.class);
    assertThat(verifier.verify(signed(), "eks-auth")).isInstanceOf(Unsigned.class);
  }

  private static SignedRequest signed() {
    return signed("POST", BODY);
  }

  private static SignedRequest signed(String method, String body) {
    return SignedRequests.signed(
        method,
        body,
        r -> {
          r.encodedPath("/clusters/c1").putHeader("x-amz-content-sha256", "required");
          if (!body.isEmpty()) {
            r.putHeader("Content-Type", "application/json");
          }
        });
  }

  private static SignedRequest authorized(String authorization) {
    return with(without(signed(), "authorization"), "Authorization", authorization);
  }

  /** A signature of an empty body that no signer produces, with one more header. */
  private static SignedRequest byHand(String name, String value, String bodyHash) {
    SignedRequest request =
        new SignedRequest(
            "GET",
            "/clusters/c1",
            "",
            List.of(
                new RequestSignatures.Header("Host", "h"),
                new RequestSignatures.Header("X-Amz-Date", "20261124T210000Z"),
                new RequestSignatures.Header(name, value)),
            new byte[0]);
    ReceivedHeaders headers = new ReceivedHeaders(request.headers());
    CredentialScope scope = CredentialScope.parse("AKIDEXAMPLE/20261124/r/eks/aws4_request");
    String signature =
        SignatureV4.of(
            new CanonicalRequest(
                "GET", "/clusters/c1", "", headers.only(List.copyOf(headers.names())), bodyHash),
            scope,
            AmzDate.parse("20261124T210000Z"),
            KEY.secretAccessKey());
    return with(
        request,
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/r/eks/aws4_request, SignedHeaders="
            + String.join(";", headers.names())
            + ", Signature="
            + signature);
  }
}
