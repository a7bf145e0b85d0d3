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
 * YAML that a person wrote, read as records: an unknown field, a value of another type, a field
 * twice or a second document is an error. What is wrong is an {@link IllegalArgumentException} that
 * says where, and repeats nothing of what is written: it may be a secret.
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

  /** Where it is; the last step is left out when it is not a field of ours but what is written. */
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

  /** A field that must be there. */
  static <V> V required(String field, @Nullable V value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /** What each entry of a list means; what is wrong with one is said with its place in the list. */
  static <E, V> List<V> entries(
      String field, @Nullable List<@Nullable E> entries, Function<E, V> meaning) {
    List<@Nullable E> present = required(field, entries);
    List<V> meanings = new ArrayList<>(present.size());
    for (int i = 0; i < present.size(); i++) {
      try {
        meanings.add(meaning.apply(required("all of it", present.get(i))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(field + "[" + i + "]: " + e.getMessage(), e);
      }
    }
    return meanings;
  }
}
