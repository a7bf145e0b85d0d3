package io.claviger.broker.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.broker.identity.RequestSignatures.Header;
import io.claviger.broker.identity.RequestSignatures.Result;
import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.RequestSignatures.Unsigned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed requests, as any client that reaches a broker's API can send them. */
final class SignedRequestFuzzTest {

  private static final String PATH = "/clusters/c1/pod-identity-associations";
  private static final String BODY = "{\"namespace\":\"shop\"}";
  private static final SignatureV4Verifier VERIFIER =
      SignedRequests.verifierAt(SignedRequests.NOW, SignedRequests.KEY);

  private static final Set<String> CODES =
      Set.of(
          "MissingAuthenticationTokenException",
          "UnrecognizedClientException",
          "InvalidSignatureException",
          "IncompleteSignatureException");

  /** The only changes that are possible without the key. */
  private static final List<SignedRequest> SIGNED =
      List.of(
          SignedRequests.signed("POST", BODY, request -> request.encodedPath(PATH)),
          SignedRequests.signed(
              "GET",
              "",
              request -> request.encodedPath(PATH).putRawQueryParameter("namespace", "shop")),
          SignedRequests.preSigned(
              "GET", Duration.ofMinutes(1), "", request -> request.encodedPath(PATH)));

  static Stream<byte[]> requests() {
    return SIGNED.stream().map(SignedRequestFuzzTest::text);
  }

  @MethodSource("requests")
  @FuzzTest
  void areRefusedUnlessTheHolderOfAKeyHasSignedThem(byte[] input) {
    SignedRequest request = request(input);

    Result result = VERIFIER.verify(request, "eks");

    switch (result) {
      case Signed signed -> assertThat(SIGNED).anySatisfy(one -> assertMeansTheSame(request, one));
      case Unsigned(String code, String message) -> {
        assertThat(CODES).contains(code);
        assertThat(message).isNotBlank().doesNotContain(SignedRequests.KEY.secretAccessKey());
      }
    }
  }

  /** A signature covers everything but the order of the query, and headers without effect. */
  private static void assertMeansTheSame(SignedRequest request, SignedRequest signed) {
    assertThat(request.method()).isEqualTo(signed.method());
    assertThat(request.path()).isEqualTo(signed.path());
    assertThat(parameters(request)).containsExactlyInAnyOrderElementsOf(parameters(signed));
    assertThat(request.body()).isEqualTo(signed.body());
  }

  private static List<String> parameters(SignedRequest request) {
    return Arrays.stream(request.query().split("&", -1))
        .map(pair -> pair.endsWith("=") ? pair.substring(0, pair.length() - 1) : pair)
        .toList();
  }

  private static byte[] text(SignedRequest request) {
    return (request.method()
            + " "
            + request.path()
            + "?"
            + request.query()
            + "\n"
            + request.headers().stream()
                .map(header -> header.name() + ":" + header.value() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + new String(request.body(), ISO_8859_1))
        .getBytes(ISO_8859_1);
  }

  /** Parses as leniently as possible, to include requests that a server would reject by itself. */
  private static SignedRequest request(byte[] input) {
    String[] parts = new String(input, ISO_8859_1).split("\n\n", 2);
    String[] lines = parts[0].split("\n", -1);
    String[] first = lines[0].split(" ", 2);
    String[] target = first[first.length - 1].split("\\?", 2);
    List<Header> headers = new ArrayList<>();
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      String[] header = line.split(":", 2);
      headers.add(new Header(header[0], header[header.length - 1]));
    }
    return new SignedRequest(
        first[0],
        target[0],
        target.length > 1 ? target[1] : "",
        headers,
        parts.length > 1 ? parts[1].getBytes(ISO_8859_1) : new byte[0]);
  }
}
