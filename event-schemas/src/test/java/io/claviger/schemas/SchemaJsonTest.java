package io.claviger.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaJsonTest {

  @ParameterizedTest
  @ValueSource(strings = {"plain", "\u00e9 \"quoted\" \n", "\ud83d\ude00"})
  void writesTheSameBytesAsText(String text) {
    Map<String, String> record = Map.of("text", text);

    assertThat(SchemaJson.writeBytes(record))
        .isEqualTo(SchemaJson.write(record).getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "{}x", "{}[", "{},"})
  void readsNothingThatSomethingStandsBehind(String text) {
    assertThatThrownBy(() -> SchemaJson.read(text, Map.class))
        .isInstanceOf(SchemaJson.MalformedRecordException.class);
    assertThatThrownBy(() -> SchemaJson.read(text.getBytes(StandardCharsets.UTF_8), Map.class))
        .isInstanceOf(SchemaJson.MalformedRecordException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half \ud83d", "\udc00 half"})
  void writesHalfACharacterSoThatItIsReadAgain(String text) {
    byte[] bytes = SchemaJson.writeBytes(Map.of("text", text));

    assertThat((Object) SchemaJson.read(bytes, Map.class)).isEqualTo(Map.of("text", text));
  }
}
