package io.claviger.broker;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses Kubernetes objects into the client's models. The models ignore unknown fields; here an
 * unknown field is an error, and so is a wrong type. The client uses another Jackson than the
 * broker, so objects are passed as text.
 */
public final class StrictModels {

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(new Closed())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final YAMLMapper YAML = new YAMLMapper();

  private StrictModels() {}

  private static final class Closed extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
      return false;
    }
  }

  /** Parses an object. */
  public static <T> T read(String object, Class<T> type) {
    try {
      return STRICT.readValue(object, type);
    } catch (JacksonException e) {
      throw new AssertionError(
          "no " + type.getSimpleName() + ": " + e.getOriginalMessage() + "\n" + object, e);
    }
  }

  /** Parses an object in YAML. */
  public static <T> T readYaml(String yaml, Class<T> type) {
    try {
      return read(YAML.readTree(yaml).toString(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies a JSON Patch. */
  public static String patched(String patch, String object) {
    return JsonPatch.apply(STRICT.readTree(patch), STRICT.readTree(object)).toString();
  }
}
