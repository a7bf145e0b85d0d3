package io.claviger.broker.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.RequestSignatures.Header;
import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.RequestSignatures.Unsigned;
import io.claviger.broker.identity.SignedRequests.Captured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replaces each byte by another one; the signature is then invalid. Replacements that keep the
 * canonical form are skipped: one white-space character for another in a header's value. No other
 * byte has such a replacement. Bytes of path and query are not decoded, one byte cannot move a
 * parameter, and {@code a} differs from {@code a=} in length.
 */
class TamperedRequestsTest {

  private static final long SEED = 20_261_124;
  private static final String SIGNED_HEADERS = "SignedHeaders=";

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @MethodSource("requests")
  void refusesARequestOfWhichAnyByteWasChanged(Captured captured) {
    SignedRequest request = captured.request();
    assertThat(captured.verifier().verify(request, "eks")).isInstanceOf(Signed.class);

    assertRefused(captured, request.method(), text -> withMethod(request, text));
    assertRefused(captured, request.path(), text -> SignedRequests.withPath(request, text));
    assertRefused(captured, request.query(), text -> SignedRequests.withQuery(request, text));
    assertRefused(
        captured,
        new String(request.body(), ISO_8859_1),
        text -> SignedRequests.withBody(request, text.getBytes(ISO_8859_1)));
    for (int i = 0; i < request.headers().size(); i++) {
      Header header = request.headers().get(i);
      if (isSigned(request, header.name())) {
        int at = i;
        assertRefused(captured, header.value(), text -> withHeader(request, at, text));
      }
    }
  }

  private static Stream<Captured> requests() throws IOException {
    return Stream.concat(
        SignedRequests.captured(),
        Stream.of(
                SignedRequests.preSigned(
                    "GET",
                    Duration.ofMinutes(15),
                    "",
                    r -> r.encodedPath("/tags/a%2Fb").putRawQueryParameter("b c", "d=&+")),
                SignedRequests.signed(
                    "POST",
                    "{\"tags\":{}}",
                    r -> r.encodedPath("/tags/a%2Fb").putHeader("If-Match", "\"a  b\"")))
            .map(request -> new Captured(request, SignedRequests.KEY, SignedRequests.NOW)));
  }

  private void assertRefused(
      Captured captured, String text, Function<String, SignedRequest> changed) {
    SignatureV4Verifier verifier = captured.verifier();
    for (int i = 0; i < text.length(); i++) {
      String other = replaced(text, i);
      assertThat(verifier.verify(changed.apply(other), "eks"))
          .as("%s instead of %s", other, text)
          .isInstanceOf(Unsigned.class);
    }
  }

  private String replaced(String text, int at) {
    char was = text.charAt(at);
    char other = was;
    while (other == was || (Character.isWhitespace(was) && Character.isWhitespace(other))) {
      other = (char) (' ' + random.nextInt('~' - ' ' + 1));
    }
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  /** The {@code Authorization} header signs itself: none of its bytes may change either. */
  private static boolean isSigned(SignedRequest request, String name) {
    if (name.equalsIgnoreCase("authorization")) {
      return true;
    }
    String signed =
        request.query().contains("X-Amz-SignedHeaders")
            ? "host"
            : SignedRequests.header(request, "authorization")
                .split(SIGNED_HEADERS, 2)[1]
                .split(",", 2)[0];
    return List.of(signed.split(";", -1)).contains(name.toLowerCase(Locale.ROOT));
  }

  private static SignedRequest withMethod(SignedRequest request, String method) {
    return new SignedRequest(
        method, request.path(), request.query(), request.headers(), request.body());
  }

  private static SignedRequest withHeader(SignedRequest request, int at, String value) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.set(at, new Header(headers.get(at).name(), value));
    return SignedRequests.withHeaders(request, headers);
  }
}
