package io.claviger.schemas.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The frames between edges and brokers in each supported version. {@code frames/v<version>.jsonl}
 * has one body per line, after the name of its record. {@code frames/v<version>-words.json} has the
 * words that a reader of this version supports.
 *
 * <p>The files of a version are written once and never changed, because programs that write such
 * frames are in use. A version may gain a field, which old readers ignore. It may not gain a word,
 * because old readers reject a frame that contains it. A new word therefore needs a new version and
 * is not sent to a peer of an older one.
 */
class FramesOfSpokenVersionsTest {

  private static final JsonMapper PLAIN = JsonMapper.builder().build();
  private static final String PACKAGE = FramesOfSpokenVersionsTest.class.getPackageName();

  static Stream<Arguments> frames() {
    return IntStream.rangeClosed(Math.max(1, BusProtocol.VERSION - 1), BusProtocol.VERSION)
        .boxed()
        .flatMap(version -> lines(version).map(line -> Arguments.of(version, line)));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void areReadAndNothingOfThemIsLost(int version, String line) throws ClassNotFoundException {
    String[] parts = line.split(" ", 2);

    Object read = SchemaJson.read(parts[1], Class.forName(PACKAGE + "." + parts[0]));

    assertContains(tree(SchemaJson.write(read)), tree(parts[1]));
  }

  @Test
  void ofTheNewestVersionAreWhatIsWritten() {
    List<String> written =
        BusRecordsTest.records()
            .map(Arguments::get)
            .map(of -> ((Class<?>) of[1]).getSimpleName() + " " + SchemaJson.write(of[0]))
            .toList();

    assertThat(written).containsExactlyElementsOf(lines(BusProtocol.VERSION).toList());
  }

  @Test
  void areThereForEveryRecordThatTravels() {
    List<String> framed =
        lines(BusProtocol.VERSION).map(line -> line.split(" ", 2)[0]).distinct().toList();

    assertThat(travelling()).isNotEmpty().isSubsetOf(framed);
  }

  @Test
  void haveNoWordThatTheirReadersDoNotKnow() {
    Map<String, List<String>> words = new TreeMap<>();
    for (JavaClass type : types()) {
      Class<?> reflected = type.reflect();
      JsonSubTypes kinds = reflected.getAnnotation(JsonSubTypes.class);
      if (kinds != null) {
        words.put(
            reflected.getSimpleName(),
            Arrays.stream(kinds.value()).map(JsonSubTypes.Type::name).toList());
      } else if (reflected.isEnum()) {
        words.put(
            reflected.getSimpleName(),
            Arrays.stream(reflected.getEnumConstants()).map(Object::toString).toList());
      }
    }

    assertThat(PLAIN.<JsonNode>valueToTree(words))
        .isEqualTo(tree(resource("v" + BusProtocol.VERSION + "-words.json")));
  }

  /** Returns records and families of records that are a body, not part of one. */
  private static List<String> travelling() {
    List<String> parts = List.of("NodeEvent", "SessionCredentials", "SessionKey");
    return types().stream()
        .map(JavaClass::reflect)
        .filter(type -> type.getEnclosingClass() == null)
        .filter(type -> type.isRecord() || type.isSealed())
        .map(Class::getSimpleName)
        .filter(name -> !parts.contains(name))
        .toList();
  }

  private static List<JavaClass> types() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PACKAGE).stream()
            .toList();
  }

  /** Asserts that the written frame contains everything that was read; it may contain more. */
  private static void assertContains(JsonNode whole, JsonNode part) {
    if (part.isObject()) {
      part.properties()
          .forEach(field -> assertContains(whole.path(field.getKey()), field.getValue()));
    } else if (part.isArray()) {
      assertThat(whole.size()).isEqualTo(part.size());
      for (int i = 0; i < part.size(); i++) {
        assertContains(whole.path(i), part.get(i));
      }
    } else {
      assertThat(whole).isEqualTo(part);
    }
  }

  private static Stream<String> lines(int version) {
    return resource("v" + version + ".jsonl").lines();
  }

  private static JsonNode tree(String json) {
    try {
      return PLAIN.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = FramesOfSpokenVersionsTest.class.getResourceAsStream("/frames/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
