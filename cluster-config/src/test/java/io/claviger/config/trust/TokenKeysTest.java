package io.claviger.config.trust;

import static io.claviger.config.trust.Minted.EC;
import static io.claviger.config.trust.Minted.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenKeysTest {

  @Test
  void takeSignatureKeysWithAnId() {
    RSAKey encryption = new RSAKey.Builder(Minted.rsa("enc")).keyUse(KeyUse.ENCRYPTION).build();
    RSAKey nameless = new RSAKey.Builder(Minted.rsa("x")).keyID(null).build();

    assertThat(TokenKeys.parse(Minted.published(RSA, EC, encryption, nameless)).keyIds())
        .containsExactlyInAnyOrder("rsa-1", "ec-1");
    assertThat(TokenKeys.NONE.keyIds()).isEmpty();
  }

  @Test
  void refuseASetThatHoldsASecret() throws JOSEException {
    String privateKey = new JWKSet(RSA).toString(false);
    String symmetric =
        new JWKSet(new OctetSequenceKeyGenerator(256).keyID("s").generate()).toString(false);

    for (String secret : new String[] {privateKey, symmetric}) {
      assertThatThrownBy(() -> TokenKeys.parse(secret))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the JWK set holds a private or symmetric key");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "[]", "{}", "{\"keys\":1}", "{\"keys\":[1]}", "{\"keys\":[null]}"})
  void refuseWhatIsNoKeySet(String text) {
    assertThatThrownBy(() -> TokenKeys.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuseASetWithoutAUsableKey() {
    assertThatThrownBy(() -> TokenKeys.parse("{\"keys\":[]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the JWK set holds no usable signature key");
  }
}
