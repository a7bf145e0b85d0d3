package io.claviger.broker.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.claviger.broker.yaml.YamlReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML that a person wrote into records. An unknown field, a value of the wrong type, a
 * duplicate field or a second document is an error. The {@link IllegalArgumentException} names the
 * place and repeats nothing of the content, which may be a secret.
 */
final class StrictYaml {

  private static final ObjectReader READER =
      YamlReading.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictYaml() {}

  /** Reads a document. */
  static <D> D parse(byte[] bytes, Class<D> document) {
    try {
      return required("content", READER.forType(document).<D>readValue(bytes));
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(path(e) + ", line " + line(e));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML, line " + line(e));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read");
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  /**
   * Returns the place of the error. The last step is left out if it is not a known field, because
   * it is content.
   */
  private static String path(JsonMappingException e) {
    List<JsonMappingException.Reference> steps = e.getPath();
    boolean unknown = e instanceof UnrecognizedPropertyException;
    String path =
        steps.subList(0, unknown ? steps.size() - 1 : steps.size()).stream()
            .map(StrictYaml::step)
            .collect(Collectors.joining());
    return (path.startsWith(".") ? path.substring(1) + ": " : "")
        + (unknown ? "an unknown field" : "missing or of another type");
  }

  private static String step(JsonMappingException.Reference step) {
    return step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName();
  }

  /** Returns the value of a required field. */
  static <V> V required(String field, @Nullable V value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /** Converts each entry of a list. An error message contains the entry's index. */
  static <E, V> List<V> entries(
      String field, @Nullable List<@Nullable E> entries, Function<E, V> meaning) {
    List<@Nullable E> present = required(field, entries);
    List<V> meanings = new ArrayList<>(present.size());
    for (int i = 0; i < present.size(); i++) {
      try {
        meanings.add(meaning.apply(required("the entry", present.get(i))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(field + "[" + i + "]: " + e.getMessage(), e);
      }
    }
    return meanings;
  }
}
