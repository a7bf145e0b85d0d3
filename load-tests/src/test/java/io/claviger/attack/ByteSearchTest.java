package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.attack.IssuedSecrets.Secret;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class ByteSearchTest {

  private static final Secret KEY =
      new Secret("a secret access key", "abcdefghijKLMNOPQRST0123456789+/uvwxyzAB");
  private static final Secret TOKEN =
      new Secret(
          "a token", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJlLXRoYXQtaXMtb25l");

  private final ByteSearch search = new ByteSearch(List.of(KEY, TOKEN));

  @Test
  void findsASecretInEachEncoding() {
    for (Charset encoding : List.of(UTF_8, UTF_16BE, UTF_16LE)) {
      byte[] bytes = ("before " + KEY.text() + " behind").getBytes(encoding);

      assertThat(search.in(bytes)).as("%s", encoding).containsExactly(KEY);
    }
  }

  @Test
  void findsWhatIsLeftOfASecret() {
    assertThat(search.in(KEY.text().substring(20).getBytes(UTF_8))).containsExactly(KEY);
    assertThat(search.in(("xxxx" + KEY.text().substring(0, 24)).getBytes(UTF_8)))
        .containsExactly(KEY);
  }

  @Test
  void findsTheEndOfASecret() {
    Secret odd = new Secret("a secret", "abcdefghijKLMNOPQRST0123456789");

    assertThat(new ByteSearch(List.of(odd)).in("....KLMNOPQRST0123456789".getBytes(UTF_8)))
        .containsExactly(odd);
  }

  @Test
  void findsATokenByItsSignatureAndNotByWhatItSays() {
    String said = TOKEN.text().substring(0, TOKEN.text().lastIndexOf('.'));

    assertThat(search.in(said.getBytes(UTF_8))).isEmpty();
    assertThat(search.in(TOKEN.text().getBytes(UTF_8))).containsExactly(TOKEN);
  }

  @Test
  void findsNothingElse() {
    assertThat(search.in(new byte[0])).isEmpty();
    assertThat(search.in(KEY.text().substring(0, 19).getBytes(UTF_8))).isEmpty();
    assertThat(search.in(KEY.text().toUpperCase(Locale.ROOT).getBytes(UTF_8))).isEmpty();
  }
}
