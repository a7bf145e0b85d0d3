package io.claviger.broker.identity;

import static io.claviger.broker.identity.SignedRequests.KEY;
import static io.claviger.broker.identity.SignedRequests.NOW;
import static io.claviger.broker.identity.SignedRequests.with;
import static io.claviger.broker.identity.SignedRequests.withBody;
import static io.claviger.broker.identity.SignedRequests.withQuery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.claviger.broker.identity.RequestSignatures.Result;
import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.RequestSignatures.Unsigned;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pre-signed requests that are rejected although their signatures are valid or nearly valid; and
 * clocks.
 */
class PreSignedGamesTest {

  private static final String INCOMPLETE = "IncompleteSignatureException";
  private static final String INVALID = "InvalidSignatureException";
  private static final String UNRECOGNIZED = "UnrecognizedClientException";

  private final SignatureV4Verifier verifier = SignedRequests.verifierAt(NOW, KEY);

  @ParameterizedTest
  @MethodSource("inTheQuery")
  void refuses(SignedRequest request, String code, String message) {
    assertThat(verifier.verify(request, "eks"))
        .isInstanceOfSatisfying(
            Unsigned.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.message()).contains(message).doesNotContain(KEY.secretAccessKey());
            });
  }

  private static Stream<Arguments> inTheQuery() {
    SignedRequest request = preSigned(Duration.ofMinutes(15));
    String query = request.query();
    return Stream.of(
        argumentSet(
            "a pre-signed life over 15 minutes",
            preSigned(Duration.ofSeconds(901)),
            INCOMPLETE,
            "1 to 900"),
        argumentSet(
            "a pre-signed life of no number",
            withQuery(request, query.replace("Expires=900", "Expires=-1")),
            INCOMPLETE,
            "1 to 900"),
        argumentSet(
            "another life than was signed",
            withQuery(request, query.replace("Expires=900", "Expires=899")),
            INVALID,
            "does not match the signature"),
        argumentSet(
            "no pre-signed life",
            withQuery(request, query.replace("X-Amz-Expires=900", "a=b")),
            INCOMPLETE,
            "X-Amz-Expires is missing"),
        argumentSet(
            "a parameter twice",
            withQuery(request, query + "&X-Amz-Expires=900"),
            INCOMPLETE,
            "in the query twice"),
        argumentSet(
            "a parameter twice in another case",
            withQuery(request, query + "&x-amz-date=1"),
            INCOMPLETE,
            "in the query twice"),
        argumentSet(
            "a date in the query and in a header",
            with(request, "X-Amz-Date", "20261124T210000Z"),
            INCOMPLETE,
            "in the query and in a header"),
        argumentSet(
            "another algorithm in the query",
            withQuery(request, query.replace("AWS4-HMAC-SHA256", "none")),
            INCOMPLETE,
            "X-Amz-Algorithm"),
        argumentSet(
            "a Credential that cannot be decoded",
            withQuery(request, query.replace("AKIDEXAMPLE%2F", "%zz")),
            INCOMPLETE,
            "X-Amz-Credential is not percent-encoded"),
        argumentSet(
            "a pre-signed request with a header that means something",
            with(request, "If-Match", "1"),
            INVALID,
            "'if-match' must be"),
        argumentSet(
            "a pre-signed request with a body", withBody(request, new byte[1]), INVALID, "match"),
        argumentSet(
            "a session token in the query",
            withQuery(request, query + "&X-Amz-Security-Token=t"),
            UNRECOGNIZED,
            "no session token"));
  }

  /** Seconds between the signature's date and the broker's clock. */
  @ParameterizedTest
  @CsvSource({
    "0, true, true",
    "300, true, true",
    "301, false, true",
    "900, false, true",
    "901, false, false",
    "-300, true, true",
    "-301, false, false",
    "86400, false, false",
    "-86400, false, false",
  })
  void acceptsClocksThatAreFiveMinutesApartAndPreSignedRequestsForTheirLife(
      long secondsLater, boolean inHeaders, boolean inTheQuery) {
    SignatureV4Verifier then = SignedRequests.verifierAt(NOW.plusSeconds(secondsLater), KEY);

    assertThat(isSigned(then.verify(signed(), "eks"))).isEqualTo(inHeaders);
    assertThat(isSigned(then.verify(preSigned(Duration.ofMinutes(15)), "eks")))
        .isEqualTo(inTheQuery);
  }

  @Test
  void saysByHowMuchClocksDiffer() {
    assertThat(SignedRequests.verifierAt(NOW.plusSeconds(301), KEY).verify(signed(), "eks"))
        .hasToString(
            "Unsigned[code=InvalidSignatureException, message=Signature expired: 20261124T210000Z is"
                + " now earlier than 20261124T210001Z (20261124T210501Z - 5 min.)]");
    assertThat(SignedRequests.verifierAt(NOW.minusSeconds(301), KEY).verify(signed(), "eks"))
        .asString()
        .contains("Signature not yet current: 20261124T210000Z is still later than");
  }

  private static boolean isSigned(Result verification) {
    return verification instanceof Signed;
  }

  private static SignedRequest signed() {
    return SignedRequests.signed("POST", "{}", r -> r.encodedPath("/clusters/c1"));
  }

  private static SignedRequest preSigned(Duration expires) {
    return SignedRequests.preSigned("GET", expires, "", r -> r.encodedPath("/clusters/c1"));
  }
}
