package io.claviger.config.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureV4Test {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** The example of the AWS documentation: ListUsers of IAM. */
  @Test
  void signsTheExampleOfTheDocumentation() {
    SortedMap<String, List<String>> headers = new TreeMap<>();
    headers.put("content-type", List.of("application/x-www-form-urlencoded; charset=utf-8"));
    headers.put("host", List.of("iam.amazonaws.com"));
    headers.put("x-amz-date", List.of("20150830T123600Z"));
    CanonicalRequest request =
        new CanonicalRequest("GET", "/", "Action=ListUsers&Version=2010-05-08", headers, EMPTY);

    assertThat(Sha256.hex(request.text().getBytes(UTF_8)))
        .isEqualTo("f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
    assertThat(
            SignatureV4.of(
                request,
                CredentialScope.parse("AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"),
                AmzDate.parse("20150830T123600Z"),
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        .isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
  }

  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "/tags/a%2Fb, /tags/a%252Fb",
    "/a b:c+d~e, /a%20b%3Ac%2Bd~e",
    "/ü, /%C3%BC",
    "/a//b/../c/, /a//b/../c/",
  })
  void encodesThePathOnceMore(String path, String canonical) {
    assertThat(request(path, "").text().lines().skip(1).findFirst()).contains(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "b=1&a=2, a=2&b=1",
    "a1=0&a=1&a-=2, a=1&a-=2&a1=0",
    "a=2&a=1&a, a=&a=1&a=2",
    "A=1&a=1&%C3=1, %C3=1&A=1&a=1",
    "a=b=c, a=b=c",
  })
  void sortsTheQueryByNameAndValueAndDecodesNothing(String query, String canonical) {
    assertThat(request("/", query).text().lines().skip(2).findFirst()).contains(canonical);
  }

  @Test
  void joinsAHeadersValuesAndItsWords() {
    SortedMap<String, List<String>> headers = new TreeMap<>();
    headers.put("x", List.of("  a   b\t c ", "d"));
    headers.put("host", List.of("h"));

    assertThat(new CanonicalRequest("GET", "/", "", headers, EMPTY).text())
        .isEqualTo("GET\n/\n\nhost:h\nx:a b c,d\n\nhost;x\n" + EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request/f, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=Host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=b;a, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=a;a, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=a;;b, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=a, Signature=",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=a, Signature=0,",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=a, a=b, a=b, Signature=0",
      })
  void refusesAnAuthorizationThatIsMalformed(String header) {
    assertThatThrownBy(() -> SignatureClaim.parse(header))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20261124",
        "2026-11-24T21:00:00Z",
        "20261324T000000Z",
        "20260229T000000Z",
        "20261124T240000Z",
        "20261124T210000Z ",
        "20261124T210000",
        "+20261124T210000Z"
      })
  void refusesWhatIsNoDate(String text) {
    assertThatThrownBy(() -> AmzDate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static CanonicalRequest request(String path, String query) {
    return new CanonicalRequest("GET", path, query, new TreeMap<>(), EMPTY);
  }
}
